//! Identity: normalisation, kernels, matching of single persons, bulk runs, learning, merging, vCards.

mod bulk;
mod handles;
mod kernel;
mod learn;
mod link;
mod merge;
mod normalise;
mod online;
mod vcard;
