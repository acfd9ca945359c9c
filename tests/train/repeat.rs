//! The same seed gives the same files, whatever the number of threads and however often it is broken off.

use super::{MAPS, VECTORS, file};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use ternlet::train::Trainer;

const METHOD: &str = "{ kind = \"sr_ste\", pattern = \"2:4\" }";

const PRUNED: &str = "{ kind = \"float\" }\nprune = { rate = 0.9, history = 3 }";

fn trainer(folder: &Path, seed: u64) -> Trainer {
    Trainer::read(&folder.join("train.toml"), Some(seed)).unwrap()
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), METHOD, MAPS);
    for threads in ["1", "2"] {
        let run = Command::new(env!("CARGO_BIN_EXE_ternlet"))
            .args(["train", "train.toml", "--quiet", "-o", &format!("{threads}/digits.toml")])
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
    }
    for name in ["digits.toml", "digits.safetensors", "digits.checkpoint.safetensors"] {
        let [one, two] = ["1", "2"].map(|threads| fs::read(folder.path().join(threads).join(name)).unwrap());
        assert!(one == two, "{name}");
    }
}

#[test]
fn resumed_equals_unbroken() {
    for method in
        [METHOD, "{ kind = \"slb\", bits = 2, start = 0.0, end = 0.5 }", "{ kind = \"ttq\" }", PRUNED]
    {
        let folder = tempfile::tempdir().unwrap();
        file(folder.path(), method, VECTORS);
        let mut unbroken = trainer(folder.path(), 3);
        let mut first = trainer(folder.path(), 3);
        first.epoch().unwrap();
        let mut second = trainer(folder.path(), 3);
        second.restore(&first.checkpoint()).unwrap();
        second.epoch().unwrap();
        unbroken.epoch().unwrap();
        unbroken.epoch().unwrap();
        let density = second.history[1].density;
        assert_eq!(density.is_some(), method == PRUNED);
        assert!(density.is_none_or(|[before, after]| after < 0.7 * before), "{density:?}");
        assert!(second.is_done() && unbroken.checkpoint() == second.checkpoint(), "{method}");
    }
}

#[test]
fn a_checkpoint_of_another_training_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), METHOD, VECTORS);
    let bytes = trainer(folder.path(), 1).checkpoint();
    let refused = |trainer: &mut Trainer, bytes: &[u8]| trainer.restore(bytes).unwrap_err().to_string();
    assert!(refused(&mut trainer(folder.path(), 2), &bytes).contains("is of another training"));
    assert!(
        refused(&mut trainer(folder.path(), 1), &bytes[..bytes.len() - 1]).contains("no whole checkpoint")
    );
    assert!(refused(&mut trainer(folder.path(), 1), b"").contains("no whole checkpoint"));
    trainer(folder.path(), 1).restore(&bytes).unwrap();
}

/// A training that is killed, at whatever moment, leaves a whole checkpoint, from which the next one goes on.
#[test]
fn what_is_killed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), METHOD, VECTORS);
    let text = fs::read_to_string(&path).unwrap().replace("epochs = 2", "epochs = 100000");
    fs::write(&path, text).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["train", "train.toml", "-o", "digits.toml"])
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let checkpoint = folder.path().join("digits.checkpoint.safetensors");
    let start = Instant::now();
    while !checkpoint.exists() && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    let mut trainer = trainer(folder.path(), 1);
    trainer.restore(&fs::read(&checkpoint).unwrap()).unwrap();
    assert!(!trainer.history.is_empty());
}
