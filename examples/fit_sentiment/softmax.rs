//! Softmax regression on sparse features: L-BFGS over the whole data, so that a run repeats to the bit.

/// A row of data: features with values, the class, and how much it counts.
#[derive(Clone)]
pub struct Row {
    pub features: Vec<(u32, f32)>,
    pub class: usize,
    pub weight: f64,
    /// What is added to the logit of neutral at most, in a text without a word of any valence.
    pub faint: f64,
}

/// Gives each class the same total weight within the rows.
pub fn balance(rows: &mut [Row], classes: usize) {
    let mut totals = vec![0.0; classes];
    for row in rows.iter() {
        totals[row.class] += row.weight;
    }
    let all: f64 = totals.iter().sum();
    for row in rows.iter_mut() {
        row.weight *= all / (classes as f64 * totals[row.class]);
    }
}

/// What a linear model says of a row, in logits.
pub fn logits(weights: &[f64], classes: usize, features: &[(u32, f32)]) -> Vec<f64> {
    let mut sums = vec![0.0; classes];
    for (feature, value) in features {
        let at = *feature as usize * classes;
        for (sum, weight) in sums.iter_mut().zip(&weights[at..at + classes]) {
            *sum += weight * f64::from(*value);
        }
    }
    sums
}

pub fn softmax(logits: &[f64]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// Loss (cross-entropy plus half of `ridge` times the squared weights) and its gradient.
fn loss(weights: &[f64], classes: usize, rows: &[Row], ridge: &[f64], gradient: &mut [f64]) -> f64 {
    let mut loss = 0.0;
    for (at, (weight, slope)) in weights.iter().zip(gradient.iter_mut()).enumerate() {
        let ridge = ridge[at / classes];
        loss += ridge * weight * weight / 2.0;
        *slope = ridge * weight;
    }
    for row in rows {
        let shares = softmax(&logits(weights, classes, &row.features));
        loss -= row.weight * shares[row.class].max(1e-300).ln();
        for (feature, value) in &row.features {
            for (class, share) in shares.iter().enumerate() {
                let miss = share - f64::from(u8::from(class == row.class));
                gradient[*feature as usize * classes + class] += row.weight * miss * f64::from(*value);
            }
        }
    }
    loss
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// How far a step of each weight may reach: the inverse of about the curvature of the loss along it. Without it the
/// few features that every row has and the many that few rows have would hold each other back.
fn reach_of(rows: &[Row], classes: usize, ridge: &[f64]) -> Vec<f64> {
    let mut curvature = ridge.to_vec();
    for row in rows {
        for (feature, value) in &row.features {
            curvature[*feature as usize] += 0.2 * row.weight * f64::from(*value).powi(2);
        }
    }
    curvature.iter().flat_map(|curvature| std::iter::repeat_n(1.0 / curvature, classes)).collect()
}

/// Fits weights, `classes` a feature, by L-BFGS with a diagonal start; `ridge` is a number a feature.
pub fn fit(rows: &[Row], classes: usize, ridge: &[f64], rounds: usize) -> Vec<f64> {
    let size = ridge.len() * classes;
    let mut weights = vec![0.0; size];
    let mut gradient = vec![0.0; size];
    let mut now = loss(&weights, classes, rows, ridge, &mut gradient);
    let mut past: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    let reach_of = reach_of(rows, classes, ridge);
    for _ in 0..rounds {
        let mut step = gradient.clone();
        let mut kept = Vec::new();
        for (moved, bent, scale) in past.iter().rev() {
            let share = scale * dot(moved, &step);
            step.iter_mut().zip(bent).for_each(|(step, bent)| *step -= share * bent);
            kept.push(share);
        }
        let stretch = past.last().map_or(1.0, |(_, bent, scale)| {
            1.0 / (scale * bent.iter().zip(&reach_of).map(|(bent, reach)| bent * bent * reach).sum::<f64>())
        });
        step.iter_mut().zip(&reach_of).for_each(|(step, reach)| *step *= stretch * reach);
        for ((moved, bent, scale), share) in past.iter().zip(kept.iter().rev()) {
            let more = share - scale * dot(bent, &step);
            step.iter_mut().zip(moved).for_each(|(step, moved)| *step += more * moved);
        }
        let slope = dot(&gradient, &step);
        let (mut reach, mut next, mut next_gradient) = (1.0, Vec::new(), vec![0.0; size]);
        let mut then = now;
        for _ in 0..20 {
            next = weights.iter().zip(&step).map(|(weight, step)| weight - reach * step).collect();
            then = loss(&next, classes, rows, ridge, &mut next_gradient);
            if then <= now - 1e-4 * reach * slope {
                break;
            }
            reach /= 2.0;
        }
        let moved: Vec<f64> = next.iter().zip(&weights).map(|(next, was)| next - was).collect();
        let bent: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(next, was)| next - was).collect();
        let curve = dot(&moved, &bent);
        if curve > 1e-12 {
            past.push((moved, bent, 1.0 / curve));
            if past.len() > 8 {
                past.remove(0);
            }
        }
        let gained = (now - then) / now.abs().max(1.0);
        (weights, gradient, now) = (next, next_gradient, then);
        if gained < 1e-6 {
            break;
        }
    }
    weights
}
