import DataFiles
import DataSources
import Oracles
import Testing
import YAML

@Suite struct DataPartsTests {
  private func parts(_ text: String) throws -> DataParts {
    var diagnostics = Diagnostics()
    let parts = DataParts.decode(try node(text), &diagnostics)
    return try #require(parts, "\(diagnostics.rendered)")
  }

  private func refusal(_ text: String) throws -> String {
    var diagnostics = Diagnostics()
    let parts = DataParts.decode(try node(text), &diagnostics)
    #expect((parts == nil) == diagnostics.hasErrors)
    return diagnostics.rendered
  }

  @Test func trainAndTestAreRead() throws {
    let both = try parts("{train: {source: spiral, noise: 0}, test: {source: moons}}")
    #expect(both.train.source is Spiral)
    #expect(both.test?.source is Moons)
    #expect(both.encoded.pairs?.map { $0.key.scalar?.text } == ["train", "test"])
    let one = try parts("{train: {source: spiral}, test: ~}")
    #expect(one.test == nil)
    #expect(one.encoded.pairs?.count == 1)
  }

  @Test func mistakesOfBothPartsAreReported() throws {
    #expect(
      try refusal("{train: {source: spiral, noise: x}, test: {source: y}, tets: 1}") == """
        model.yaml:1:33: error: noise: expected a number from 0 to 1000, received 'x'
            1 | {train: {source: spiral, noise: x}, test: {source: y}, tets: 1}
              |                                 ^
        model.yaml:1:52: error: unknown data source type 'y' (known types: spiral, moons, circles, \
        blobs, xor, csv, idx, npy, cifar, images, generated_images, generated_shapes)
            1 | {train: {source: spiral, noise: x}, test: {source: y}, tets: 1}
              |                                                    ^
        model.yaml:1:56: error: data: unknown field 'tets'
            1 | {train: {source: spiral, noise: x}, test: {source: y}, tets: 1}
              |                                                        ^
        """)
    #expect(
      try refusal("{test: {source: spiral}}") == """
        model.yaml:1:1: error: data: 'train' is missing: expected a mapping
            1 | {test: {source: spiral}}
              | ^
        """)
    #expect(try refusal("[1]").hasPrefix("model.yaml:1:1: error: data: expected a mapping"))
  }

  @Test func dividedPartsShareTheSource() throws {
    let both = try parts(
      "{split: {fraction: 0.75, stratify: true}, "
        + "train: {source: moons, noise: 0.5, batch_size: 7, standardize: true}, "
        + "test: {batch_size: 50}}")
    #expect((both.test?.source as? Moons)?.noise == 0.5)
    #expect(both.test?.batchSize == 50 && both.train.batchSize == 7)
    #expect(both.test?.standardize == true && both.test?.shuffles(in: .test) == false)
    #expect(both.train.split == both.test?.split)
    let document = both.encoded
    #expect(document.pairs?.map { $0.key.scalar?.text } == ["split", "train", "test"])
    #expect(document.yaml.hasSuffix("\ntest:\n  batch_size: 50\n  shuffle: false\n"))
    #expect(
      document.yaml.hasPrefix(
        "split:\n  fraction: 0.75\n  seed: 1\n  shuffle: true\n  stratify: true\n"))
    let alone = try parts("{fold: {count: 3, shuffle: false}, train: {source: moons}}")
    #expect(alone.test?.batchSize == 32)
    #expect(
      alone.encoded.yaml.hasPrefix(
        "fold:\n  count: 3\n  index: 0\n  shuffle: false\n  stratify: false\n"))
    // The resolved section reads as the same parts.
    var diagnostics = Diagnostics()
    let again = try #require(DataParts.decode(document, &diagnostics))
    #expect(again.encoded.yaml == document.yaml)
  }

  @Test(arguments: [
    (
      "{split: {fraction: 1}, train: {source: xor}}",
      "1:20: error: fraction: expected a number above 0 and below 1, received '1'"
    ),
    (
      "{split: 0.8, train: {source: xor}}",
      "1:9: error: split: expected a mapping with fraction, received '0.8'"
    ),
    (
      "{split: {fraktion: 1}, train: {source: xor}}",
      "1:9: error: split: 'fraction' is missing: expected a number above 0 and below 1"
    ),
    (
      "{fold: {count: 3, index: 3}, train: {source: xor}}",
      "1:8: error: fold: index: expected an integer from 0 to 2, received 3"
    ),
    (
      "{fold: {count: 3, seed: 1, shuffle: false}, train: {source: xor}}",
      "1:25: error: seed: expected none, since shuffle is false"
    ),
    (
      "{fold: {count: 3}, split: {fraction: 0.5}, train: {source: xor}}",
      "1:1: error: data: expected split or fold, received both"
    ),
    (
      "{split: {fraction: 0.5}, train: {source: xor, rows: 50}}",
      "1:53: error: rows: expected none, since 'split' divides the rows"
    ),
    (
      "{split: {fraction: 0.5, group: g}, train: {source: xor}}",
      "1:32: error: split: group: expected none, since only a csv source has columns"
    ),
    (
      "{split: {fraction: 0.5}, train: {source: xor}, test: {source: xor}}",
      "1:63: error: source: expected none, since 'split' gives the test data all fields of the "
        + "train data except batch_size and shuffle"
    ),
    (
      "{fold: {count: 5}, train: {source: xor}, test: {batch_sise: 3, noise: 2}}",
      "1:49: error: test data: unknown field 'batch_sise'; did you mean 'batch_size'?"
    ),
    (
      "{split: {fraction: 0.5}, train: {source: xor}, test: xor}",
      "1:54: error: test data: expected a mapping, received 'xor'"
    ),
  ])
  func wrongDivisionsAreRefused(text: String, message: String) throws {
    let first = try refusal(text).split(separator: "\n").first
    #expect(first.map(String.init) == "model.yaml:\(message)")
  }

  @Test func rowsOfDividedDataPointAtTheSplit() throws {
    let text = "{split: {fraction: 0.5}, train: {source: xor, rows: 50}}"
    #expect(
      try refusal(text) == """
        model.yaml:1:53: error: rows: expected none, since 'split' divides the rows
            1 | \(text)
              |                                                     ^
        model.yaml:1:9: note: split is stated here
            1 | \(text)
              |         ^
        """)
  }

  @Test func failuresPointAtTheFieldsOfTheDivision() throws {
    let parts = try parts(
      "{split: {fraction: 0.5, stratify: true}, train: {source: csv, file: t.csv, target: y}}")
    #expect(parts.mark(of: "split.stratify", in: .train).column == 35)
    #expect(parts.mark(of: "split.seed", in: .test).column == 9)
    #expect(parts.mark(of: "split", in: .test).column == 9)
    #expect(parts.mark(of: "file", in: .test).column == 69)
  }

  @Test func testIsStandardizedAsTrain() throws {
    let both = try parts("{train: {source: spiral, standardize: true}, test: {source: spiral}}")
    #expect(both.train.standardize == true)
    #expect(both.test?.standardize == true)
    let neither = try parts("{train: {source: spiral}, test: {source: spiral}}")
    #expect(neither.train.standardize == false)
    #expect(neither.test?.standardize == false)
    #expect(
      try refusal("{train: {source: xor}, test: {source: xor, standardize: true}}") == """
        model.yaml:1:57: error: standardize: expected false as for the train data, received true
            1 | {train: {source: xor}, test: {source: xor, standardize: true}}
              |                                                         ^
        """)
  }

  @Test func testIsTransformedAsTrain() throws {
    let both = try parts(
      "{train: {source: xor, transforms: [{type: gaussian_noise, std: 1}]}, test: {source: xor}}")
    #expect(both.test?.transforms == both.train.transforms)
    #expect(
      try refusal("{train: {source: xor}, test: {source: xor, transforms: [standardize]}}") == """
        model.yaml:1:56: error: transforms: expected those of the train data, which tests use without \
        random changes; leave the field out
            1 | {train: {source: xor}, test: {source: xor, transforms: [standardize]}}
              |                                                        ^
        """)
  }

  @Test func testIsScaledAsTrain() throws {
    let both = try parts("{train: {source: xor, mean: 2, scale: 0.5}, test: {source: xor}}")
    #expect(both.train.mean == [2] && both.train.scale == 0.5)
    #expect(both.test?.mean == [2] && both.test?.scale == 0.5)
    #expect(both.test?.chain.map(\.name) == ["mean", "scale"])
    let neither = try parts("{train: {source: xor}, test: {source: xor, scale: 1}}")
    #expect(neither.train.mean == nil && neither.train.scale == 1)
    #expect(neither.test?.chain.isEmpty == true)
    let same = "mean: [0.1, 3], scale: 2"
    #expect(try refusal("{train: {source: xor, \(same)}, test: {source: xor, \(same)}}") == "")
    #expect(
      try refusal("{train: {source: xor, scale: 2}, test: {source: xor, mean: [1, 2]}}") == """
        model.yaml:1:60: error: mean: expected none as for the train data, received [1, 2]
            1 | {train: {source: xor, scale: 2}, test: {source: xor, mean: [1, 2]}}
              |                                                            ^
        """)
    #expect(
      try refusal("{train: {source: xor}, test: {source: xor, mean: 2, scale: 3}}") == """
        model.yaml:1:50: error: mean: expected none as for the train data, received 2
            1 | {train: {source: xor}, test: {source: xor, mean: 2, scale: 3}}
              |                                                  ^
        model.yaml:1:60: error: scale: expected 1 as for the train data, received 3
            1 | {train: {source: xor}, test: {source: xor, mean: 2, scale: 3}}
              |                                                            ^
        """)
  }

  @Test(arguments: [
    ("scale: 0", 30, "scale: expected a number from 1e-30 to 1e+30, received '0'"),
    ("scale: -1", 30, "scale: expected a number from 1e-30 to 1e+30, received '-1'"),
    (
      "mean: []", 29,
      "mean: expected a list, each item a number from -1e+30 to 1e+30, received an empty list"
    ),
    (
      "mean: [1, 1e31]", 33,
      "mean: expected a list, each item a number from -1e+30 to 1e+30, received '1e31'"
    ),
    (
      "mean: [1, .nan]", 33,
      "mean: expected a list, each item a number from -1e+30 to 1e+30, received '.nan'"
    ),
    (
      "mean: [1, 2, 3]", 29,
      "mean: expected 1 number or 2, one for each channel (the first axis) of 2, received 3"
    ),
    (
      "mean: [1, 2], shape: [1, 2]", 29, "mean: expected 1 number of 1x2, received 2"
    ),
  ])
  func figuresWithoutMeaningAreRefused(fields: String, column: Int, message: String) throws {
    let first = try refusal("{train: {source: xor, \(fields)}}").split(separator: "\n").first
    #expect(first == "model.yaml:1:\(column): error: \(message)")
  }

  @Test(arguments: [
    ("{source: blobs, features: 3}", "shape: expected 2 as in training, received 3"),
    (
      "{source: spiral, class_count: 2}",
      "classes: expected 3 classes ('0', '1', '2') as in training, "
        + "received 2 classes ('0', '1')"
    ),
    (
      "{source: spiral, classes: [c, b, a]}",
      "classes: expected 3 classes ('0', '1', '2') as in training, "
        + "received 3 classes ('c', 'b', 'a')"
    ),
    (
      "{source: csv, file: t.csv, target: [y, z]}",
      "target: expected classes as in training, received values of shape 2"
    ),
    (
      "{source: csv, file: t.csv, target: y, inputs: [a, b]}",
      "inputs: expected 'x1', 'x2' as in training, received 'a', 'b'"
    ),
  ])
  func testPartMustBeAsTheTrainingPart(test: String, message: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,y,z\n1,2,0,1\n3,4,2,1\n", to: "t.csv")
    let parts = try parts("{train: {source: spiral}, test: \(test)}")
    let field = String(message.prefix { $0 != ":" })
    let refused = DataFailure.field(field, message: "test data: \(message)", of: .test)
    #expect(
      failure { () throws(DataFailure) in try parts.signature(directory: folder.path, seed: 1) }
        == refused)
  }

  /// A test part without declared classes has those of the training part.
  @Test(arguments: [
    ("{source: spiral, classes: [a, b, c]}", "{source: spiral}"),
    ("{source: blobs, classes: [a, b, c]}", "{source: spiral}"),
    ("{source: csv, file: t.csv, target: label}", "{source: moons}"),
    ("{source: csv, file: t.csv, target: label, classes: [a, b]}", "{source: moons}"),
  ])
  func testPartHasTheClassesOfTheTrainingPart(train: String, test: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("x1,x2,label\n1,2,a\n3,4,b\n", to: "t.csv")
    let parts = try parts("{train: \(train), test: \(test)}")
    _ = try parts.signature(directory: folder.path, seed: 1)
    let loaded = try loadParts(
      train: parts.train, test: parts.test, directory: folder.path, seed: 1)
    let names = try #require(loaded.train.classes)
    #expect(names == Array(["a", "b", "c"].prefix(names.count)))
    #expect(loaded.test?.classes == names)
  }

  @Test func signatureIsTheTrainingParts() throws {
    let parts = try parts("{train: {source: moons, rows: 10}, test: {source: moons}}")
    #expect(try parts.signature(directory: "", seed: 1).exampleCount == 10)
  }
}
