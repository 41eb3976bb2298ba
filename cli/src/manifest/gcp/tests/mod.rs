mod changed;
mod gcloud;
mod reached;
mod run;

use crate::{
    manifest::{Units, sample::kept},
    target::Target,
};

#[test]
fn the_files_are_those_that_were_read() {
    kept(Target::Gcp, Units::One);
    kept(Target::Gcp, Units::Split);
}
