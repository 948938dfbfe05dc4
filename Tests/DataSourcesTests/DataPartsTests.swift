import DataSources
import Tensors
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
        blobs, xor, csv)
            1 | {train: {source: spiral, noise: x}, test: {source: y}, tets: 1}
              |                                                    ^
        model.yaml:1:56: error: data: unknown field 'tets'; did you mean 'test'?
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
    let folder = try Folder()
    try folder.write("a,b,y,z\n1,2,0,1\n3,4,2,1\n", to: "t.csv")
    let parts = try parts("{train: {source: spiral}, test: \(test)}")
    let refused = DataFailure.content("test data: \(message)")
    #expect(
      failure { () throws(DataFailure) in try parts.signature(directory: folder.path, seed: 1) }
        == refused)
  }

  @Test func signatureIsTheTrainingParts() throws {
    let parts = try parts("{train: {source: moons, rows: 10}, test: {source: moons}}")
    #expect(try parts.signature(directory: "", seed: 1).exampleCount == 10)
  }
}
