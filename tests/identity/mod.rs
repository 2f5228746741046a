//! Identity: normalisation, kernels, matching of single persons, bulk runs, merging.

mod kernel;
mod normalise;
mod online;
