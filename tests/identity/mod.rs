//! Identity: normalisation, kernels, matching of single persons, bulk runs, merging.

mod bulk;
mod handles;
mod kernel;
mod merge;
mod normalise;
mod online;
