//! Every bound in one struct.
