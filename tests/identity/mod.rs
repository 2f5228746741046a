//! Identity: normalisation, kernels, matching of single persons, bulk runs, learning, files of many and of few duplicates, merging, vCards.

mod bulk;
mod crowd;
mod handles;
mod kernel;
mod learn;
mod link;
mod merge;
mod normalise;
mod online;
mod shares;
mod vcard;
