import Oracles
import RunOracles
import Testing
import Training

@Suite("Classes without an example") struct AbsentClassesTests {
  /// The table has two examples of x, one of y and two of z.
  private static let table = "a,b,label\n1,2,x\n2,1,y\n3,1,x\n1,3,z\n2,2,z\n"

  private static func model(train: String, test: String? = nil, outputs: Int = 12) -> String {
    """
    data:
      train: \(train)
    \(test.map { "  test: \($0)\n" } ?? "")solver: {base_lr: 0.1, max_epochs: 2}
    network:
      - {name: ip, type: Linear, num_output: \(outputs)}
      - {name: loss, type: SoftmaxWithLoss}
    """
  }

  private func told(_ text: String) throws -> [String] {
    let folder = try TemporaryFolder()
    try folder.write(AbsentClassesTests.table, to: "t.csv")
    // The files hold four images of one pixel, and their labels.
    try folder.write([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6, 7, 8], to: "images")
    try folder.write([0, 0, 8, 1, 0, 0, 0, 4, 0, 3, 3, 0], to: "labels")
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': "
    for (name, shape, bytes) in [
      ("x.npy", "(4, 1)", [1, 2, 3, 4]), ("y.npy", "(4,)", [0, 1, 1, 3]),
    ] as [(String, String, [UInt8])] {
      let text = Array("\(header)\(shape), }\n".utf8)
      let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0]
      try folder.write(magic + text + bytes, to: name)
    }
    // Other warnings are about surplus scores and tests on training data.
    return try warnings(of: text, in: folder).filter { $0.kind == .absentClasses }.map { warning in
      #expect(warning.layer == nil)
      return warning.text
    }
  }

  @Test("are reported at the train part, with their examples in the test part")
  func split() throws {
    let text = AbsentClassesTests.model(
      train: "{source: csv, file: t.csv, target: label, rows: [0, 3], batch_size: 2}",
      test: "{source: csv, file: t.csv, target: label, rows: [3, 5], batch_size: 1}")
    #expect(
      try told(text) == [
        """
        model.yaml:2:10: warning: train data: 1 of 3 classes has no example ('z'): the network \
        cannot learn a class without examples, and 2 test examples have such a class; try another \
        split, more examples, or fewer classes
            2 |   train: {source: csv, file: t.csv, target: label, rows: [0, 3], batc…
              |          ^
        """
      ])
  }

  @Test(
    "are named up to a limit",
    arguments: [
      (
        "{source: csv, file: t.csv, target: label, classes: [x, v, y, w, z], batch_size: 2}",
        "2 of 5 classes have no example ('v', 'w'): "
      ),
      (
        "{source: idx, images: images, labels: labels, classes: 12, batch_size: 2}",
        "10 of 12 classes have no example ('1', '2', '4', '5', '6', …): "
      ),
      (
        "{source: idx, images: images, labels: labels, batch_size: 2}",
        "2 of 4 classes have no example ('1', '2'): "
      ),
      (
        "{source: npy, inputs: x.npy, targets: y.npy, task: classification, batch_size: 2}",
        "1 of 4 classes has no example ('2'): "
      ),
    ])
  func names(train: String, expected: String) throws {
    let told = try told(AbsentClassesTests.model(train: train))
    #expect(told.count == 1)
    let start =
      "model.yaml:2:10: warning: train data: \(expected)the network cannot learn a class without "
      + "examples;"
    #expect(told.first?.hasPrefix(start) == true, "\(told)")
  }

  @Test(
    "cause no warning if all have examples, no layer reads labels, or a label is ignored",
    arguments: [
      AbsentClassesTests.model(
        train: "{source: csv, file: t.csv, target: label, batch_size: 2}"),
      AbsentClassesTests.model(
        train: "{source: csv, file: t.csv, target: a, inputs: b, task: regression, batch_size: 2}",
        outputs: 1
      ).replacing("SoftmaxWithLoss", with: "EuclideanLoss"),
      AbsentClassesTests.model(
        train: "{source: idx, images: images, labels: labels, batch_size: 2}", outputs: 1
      ).replacing(
        "type: SoftmaxWithLoss", with: "type: EuclideanLoss, bottom: [ip, pixels]"
      ).replacing(
        "network:\n", with: "network:\n  - {name: pixels, type: Flatten, bottom: data}\n"
      ).replacing("type: Linear", with: "type: Linear, bottom: pixels"),
      AbsentClassesTests.model(
        train: "{source: csv, file: t.csv, target: label, classes: [x, y, z, none], batch_size: 2}"
      ).replacing("SoftmaxWithLoss", with: "SoftmaxWithLoss, ignore_label: 3"),
    ])
  func none(text: String) throws {
    #expect(try told(text) == [])
  }
}
