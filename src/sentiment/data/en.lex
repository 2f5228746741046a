# English, fitted: see examples/fit_sentiment.rs
! format 1
