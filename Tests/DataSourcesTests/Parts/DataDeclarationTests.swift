import DataFiles
import DataSources
import Oracles
import Tensors
import Testing
import YAML

@Suite struct DataDeclarationTests {
  @Test func defaultsDependOnThePhase() throws {
    let train = try declaration("{source: spiral}")
    #expect(train.batchSize == 32)
    #expect(train.shuffles(in: .train))
    #expect(train.split == .all)
    #expect(train.exampleShape == nil && train.classes == nil)
    let test = try declaration("{source: spiral}", phase: .test)
    #expect(!test.shuffles(in: .test))
    #expect(try declaration("{source: spiral, shuffle: true}", phase: .test).shuffles(in: .test))
    #expect(try !declaration("{source: spiral, shuffle: false}").shuffles(in: .train))
  }

  @Test func commonFieldsAndThoseOfTheSourceAreRead() throws {
    let part = try declaration(
      "{source: spiral, noise: 0.5, batch_size: 20, shuffle: false, rows: 50, "
        + "standardize: true, shape: [1, 2], classes: [a, b, c]}")
    #expect((part.source as? Spiral)?.noise == 0.5)
    #expect(part.batchSize == 20)
    #expect(part.standardize == true)
    #expect(part.exampleShape == Shape([1, 2]))
    #expect(part.classes == .names(["a", "b", "c"]))
  }

  @Test func resolvedPartStatesItsDefaults() throws {
    let part = try declaration("{source: xor, noise: 0.25, classes: [same, other]}")
    let pairs = part.encoded.pairs?.map { pair in
      let items = pair.value.items?.compactMap { $0.scalar?.text }.joined(separator: ",")
      return "\(pair.key.scalar?.text ?? ""): \(pair.value.scalar?.text ?? items ?? "")"
    }
    #expect(
      pairs == [
        "source: xor", "points_per_quadrant: 50", "noise: 0.25", "batch_size: 32",
        "shuffle: true", "classes: same,other",
      ])
  }

  @Test func everyMistakeIsReportedAtOnce() throws {
    let text = "{source: xor, batch_sise: 3, noise: -1, shape: [0], rows: x}"
    #expect(
      try refusal(text) == """
        model.yaml:1:15: error: train data: unknown field 'batch_sise'; did you mean 'batch_size'?
            1 | \(text)
              |               ^
        model.yaml:1:37: error: noise: expected a number from 0 to 1000, received '-1'
            1 | \(text)
              |                                     ^
        model.yaml:1:49: error: shape: expected an integer of at least 1, received '0'
            1 | \(text)
              |                                                 ^
        model.yaml:1:59: error: rows: expected a number of rows of at least 1, or [from, to] with \
        0 <= from < to, received 'x'
            1 | \(text)
              |                                                           ^
        """)
  }

  @Test func unknownSourceIsSuggested() throws {
    #expect(
      try refusal("{source: sprial, batch_size: 0}", phase: .test) == """
        model.yaml:1:10: error: unknown data source type 'sprial' (known types: spiral, moons, \
        circles, blobs, xor, csv, idx, npy, cifar, images, generated_images, generated_shapes); did you mean 'spiral'?
            1 | {source: sprial, batch_size: 0}
              |          ^
        model.yaml:1:30: error: batch_size: expected an integer from 1 to 1000000, received '0'
            1 | {source: sprial, batch_size: 0}
              |                              ^
        """)
  }

  @Test(arguments: [
    (
      "{batch_size: 3}",
      "1:1: error: train data: 'source' is missing: expected a data source type "
        + "(spiral, moons, circles, blobs, xor, csv, idx, npy, cifar, images, generated_images, generated_shapes)"
    ),
    ("spiral", "1:1: error: train data: expected a mapping, received 'spiral'"),
    ("[spiral]", "1:1: error: train data: expected a mapping, received a list of 1"),
    ("~", "1:1: error: train data: expected a mapping, received nothing"),
    (
      "{source: [a]}",
      "1:10: error: unknown data source type a list of 1 "
        + "(known types: spiral, moons, circles, blobs, xor, csv, idx, npy, cifar, images, generated_images, generated_shapes)"
    ),
  ])
  func whatIsNoPartIsRefused(text: String, message: String) throws {
    #expect(try firstLine(text) == "model.yaml:\(message)")
  }

  @Test(arguments: ["1", "1000000"]) func batchSizeIsWithinItsRange(size: String) throws {
    #expect(try refusal("{source: moons, batch_size: \(size)}") == "")
  }

  @Test(arguments: ["0", "-1", "1000001", "99999999999", "9223372036854775808", "0.5", ".nan", "x"])
  func otherBatchSizesAreRefused(size: String) throws {
    #expect(
      try firstLine("{source: moons, batch_size: \(size)}")
        == "model.yaml:1:29: error: batch_size: expected an integer from 1 to 1000000, "
        + "received '\(size)'")
  }

  @Test(arguments: [
    ("[]", "an empty list"), ("[1073741825]", "[1073741825]"),
    ("[4294967296, 4294967296]", "[4294967296, 4294967296]"),
    ("[1, 1, 1, 1, 1, 1, 1, 1, 2]", "a list of 9"),
  ])
  func shapesWithoutMeaningAreRefused(shape: String, received: String) throws {
    #expect(
      try firstLine("{source: csv, file: f, target: y, shape: \(shape)}")
        == "model.yaml:1:42: error: shape: expected a list of integers of at least 1, "
        + "their product at most 1073741824, received \(received)")
  }

  @Test(arguments: [("[0]", 43, "0"), ("[-1]", 43, "-1"), ("[2, -2]", 46, "-2"), ("0", 42, "0")])
  func wrongSizeOfAShapeIsNamed(shape: String, column: Int, received: String) throws {
    #expect(
      try firstLine("{source: csv, file: f, target: y, shape: \(shape)}")
        == "model.yaml:1:\(column): error: shape: expected an integer of at least 1, "
        + "received '\(received)'")
  }

  @Test(arguments: [
    ("2", [2]), ("[1, 8, 8]", [1, 8, 8]), ("[1073741824]", [1_073_741_824]),
    ("[1, 1, 1, 1, 1, 1, 1, 2]", [1, 1, 1, 1, 1, 1, 1, 2]),
  ])
  func shapesAreRead(text: String, axes: [Int]) throws {
    let part = try declaration("{source: csv, file: f, target: y, shape: \(text)}")
    #expect(part.exampleShape == Shape(axes))
  }

  @Test func signatureIsTheSourcesInTheDeclaredShape() throws {
    func signature(_ text: String) throws -> DataSignature {
      try declaration(text).signature(directory: "", seed: 1, phase: .train)
    }
    #expect(
      try signature("{source: moons, shape: [2, 1], rows: [150, 200]}")
        == DataSignature(
          input: Shape([2, 1]), names: ["x1", "x2"], classes: .names(["0", "1"]), count: 50))
    #expect(try signature("{source: moons, rows: [5, 15]}").exampleCount == 10)
    // A generator knows all its properties without declarations.
    #expect(
      try signature("{source: moons, shape: [2, 1], classes: [a, b], rows: [5, 15]}")
        == DataSignature(
          input: Shape([2, 1]), names: ["x1", "x2"], classes: .names(["a", "b"]), count: 10))
  }

  @Test func declaredShapeAndClassesNeedNoFile() throws {
    let part = try declaration(
      "{source: csv, file: none.csv, target: y, shape: [1, 8, 8], classes: 10}")
    #expect(
      try part.signature(directory: "", seed: 1, phase: .train)
        == DataSignature(input: Shape([1, 8, 8]), classes: .count(10)))
    let undeclared = try declaration("{source: csv, file: none.csv, target: y, classes: 10}")
    #expect(
      failure { () throws(DataFailure) in
        try undeclared.signature(directory: "", seed: 1, phase: .train)
      }
        == .io(
          "none.csv: expected a readable file: No such file or directory", field: "file", of: .train
        ))
  }

  @Test func declaredShapeMustHoldTheColumns() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,y\n1,2,u\n3,4,v\n", to: "t.csv")
    let part = try declaration("{source: csv, file: t.csv, target: y, shape: [3]}", phase: .test)
    #expect(
      failure { () throws(DataFailure) in
        try part.signature(directory: folder.path, seed: 1, phase: .test)
      }
        == .field(
          "shape",
          message: "test data: shape: expected 2 values for each example, received 3, which has 3",
          of: .test))
  }
}
