//! What is wrong with a training is said with its line, and ends with status 2 before anything is trained.

use super::{BRANCHES, MAPS, VECTORS, file, ternlet};
use std::fs;
use ternlet::train::{TrainError, Trainer, Work};

#[test]
fn each_mistake_has_its_line() {
    let cases = [
        (VECTORS, "epochs = 2", "epochs = 0", "epochs = 0: write 1 to 100000"),
        (VECTORS, "batch = 32", "batch = 1", "a batch norm needs 2 frames or more"),
        (VECTORS, "rate = 0.05", "rate = -1.0", "a rate is above 0"),
        (VECTORS, "rate = 0.05", "rat = 0.05", "unknown key `rat`"),
        (VECTORS, "validation = 0.2", "validation = 0.0", "a part of the frames, above 0"),
        (VECTORS, "validation = 0.2", "validation = 0.0001", "let there be some of both"),
        (VECTORS, "bits = 3", "bits = 9", "codes between layers have 1 to 8 bits"),
        (VECTORS, "\"2:4\"", "\"5:4\"", "is not N:M"),
        (
            VECTORS,
            "\"train.image\"",
            "\"train.images\"",
            "there is no tensor \"train.images\"; there are train.image, train.label",
        ),
        (
            VECTORS,
            "\"train.label\"",
            "\"train.image\"",
            "labels: that of frame 0 is 13, but there are 10 classes",
        ),
        (VECTORS, "u5/16", "u4/16", "16 is no u4; say another type as `input`"),
        (VECTORS, "u5/16", "u5/0", "divided by a number above 0"),
        (VECTORS, "rows = 10", "rows = 9", "but there are 9 classes"),
        (VECTORS, "name = \"hidden\"", "name = \"scores\"", "another node is called so"),
        (VECTORS, "name = \"digits\"", "name = \"a b\"", "a b"),
        (
            VECTORS,
            "epochs = 2",
            "epochs = 2\nprune = { rate = 1.0 }",
            "rate = 1: of normal gradients this part is pruned",
        ),
        (
            VECTORS,
            "rows = 10",
            "rows = 10\nfrom = \"hiden\"",
            "from: there is no node \"hiden\" before this one; `input` is the frame",
        ),
        (VECTORS, "rows = 10", "rows = 10\nfrom = [\"hidden\", \"hidden\"]", "from names 2 nodes; write one"),
        (
            BRANCHES,
            "from = [\"first\", \"up\"]",
            "from = [\"first\", \"half\"]",
            "it joins [8, 8] of 4 channels and [4, 4] of 4",
        ),
        (
            BRANCHES,
            "from = [\"first\", \"up\"]",
            "from = [\"first\", \"input\"]",
            "the frame itself is joined",
        ),
        (BRANCHES, "from = [\"first\", \"up\"]", "from = \"first\"", "it joins two nodes; write from"),
        (
            BRANCHES,
            "filters = 3\nkernel = [2, 2]",
            "filters = 3\nkernel = [2]",
            "write 2 numbers from 1 to 8, one for each axis",
        ),
        (
            MAPS,
            "labels = \"train.label\"",
            "labels = \"train.label\", blocks = [[0, 9], [0, 8]]",
            "blocks = [[0, 9], [0, 8]]: write [from, to] for each axis",
        ),
        (MAPS, "kernel = [2, 2]", "kernel = [9, 9]", "a window of [9, 9] does not fit into a map of [8, 8]"),
        (MAPS, "kernel = [2, 2]", "kernel = [2]", "write 2 numbers from 1 to 64"),
        (MAPS, "size = [8, 8]", "size = [5, 8]", "no channels of size = [5, 8]"),
        (
            MAPS,
            "kind = \"flatten\"",
            "kind = \"max_pool\"\nkernel = [1, 1]",
            "put a node of kind \"flatten\" before it",
        ),
    ];
    for (nodes, right, wrong, why) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), "{ kind = \"ste\", pattern = \"2:4\" }", nodes);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(right), "{right}");
        fs::write(&path, text.replacen(right, wrong, 1)).unwrap();
        let output = ternlet(folder.path(), &["train", "train.toml", "-o", "digits.toml", "--quiet"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{wrong}: {said}");
        assert!(said.contains(why), "{wrong}: {said}");
        let has_line = said
            .split("train.toml:")
            .nth(1)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        assert!(has_line, "{wrong}: {said}");
        assert!(!folder.path().join("digits.toml").exists());
    }
}

#[test]
fn files_that_are_there_stay() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "{ kind = \"twn\" }", VECTORS);
    let run = |arguments: &[&str]| {
        let output = ternlet(folder.path(), &[&["train", "train.toml", "--quiet"], arguments].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, said) = run(&["-o", "digits.toml", "--resume"]);
    assert!(status == Some(2) && said.contains("digits.checkpoint.safetensors is not there"), "{said}");
    fs::write(folder.path().join("digits.toml"), "mine").unwrap();
    let (status, said) = run(&["-o", "digits.toml"]);
    assert!(status == Some(2) && said.contains("digits.toml is there already"), "{said}");
    assert_eq!(fs::read(folder.path().join("digits.toml")).unwrap(), b"mine");
    fs::write(folder.path().join("other.checkpoint.safetensors"), "mine").unwrap();
    let (status, said) = run(&["-o", "other.toml"]);
    assert!(status == Some(2) && said.contains("continue from it with --resume"), "{said}");
    let (status, said) = run(&["-o", "other.toml", "--resume"]);
    assert!(status == Some(2) && said.contains("no whole checkpoint"), "{said}");
    assert_eq!(fs::read(folder.path().join("other.checkpoint.safetensors")).unwrap(), b"mine");
}

#[test]
fn a_number_that_is_not_finite_ends_the_training() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "{ kind = \"float\" }", VECTORS);
    let mut trainer = Trainer::read(&path, None).unwrap();
    let Work::Weights(weights) = &mut trainer.network.nodes[0].work else { panic!("a node with weights") };
    weights.latent[0].values[5] = f32::NAN;
    let error = trainer.epoch().unwrap_err();
    assert!(matches!(error, TrainError::NotFinite { epoch: 1, step: 1, .. }), "{error}");
    assert!(error.to_string().contains("hidden"), "{error}");
}
