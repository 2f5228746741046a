//! Monitors: what is heard, kept, dropped, counted, ranked and reported.

mod monitors;
