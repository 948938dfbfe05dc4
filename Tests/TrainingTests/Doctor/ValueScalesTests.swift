import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("Inputs and targets of a harmful magnitude") struct ValueScalesTests {
  /// Houses: rooms, area in square feet, year, price.
  private static let houses =
    "rooms,area,year,price\n"
    + (0..<60).map { index in
      let (rooms, area) = (2 + index % 5, 600 + index * 37 % 2400)
      return "\(rooms),\(area),\(1950 + index),\(50_000 + 30_000 * rooms + 100 * area)\n"
    }.joined()

  private static func model(
    data: String = "standardize: true, target: price", input: String = "", target: String = "",
    filler: String = "", loss: String = "{name: loss, type: EuclideanLoss}", outputs: Int = 1
  ) -> String {
    """
    data:
      train: {source: csv, file: houses.csv, task: regression, batch_size: 20, \(data)}
    solver: {type: Adam, base_lr: 0.001, max_epochs: 1}
    network:
    \(input)  - {name: ip, type: Linear, num_output: 8\(filler)}
      - {name: relu, type: ReLU}
      - {name: out, type: Linear, num_output: \(outputs)}
    \(target)  - \(loss)
    """
  }

  private func told(_ text: String) throws -> [String] {
    let folder = try TemporaryFolder()
    try folder.write(ValueScalesTests.houses, to: "houses.csv")
    return try warnings(of: text, in: folder)
      .filter { $0.kind == .inputScale || $0.kind == .targetScale }.map(\.text)
  }

  @Test("a large target is reported at its field, with advice")
  func target() throws {
    #expect(
      try told(ValueScalesTests.model()) == [
        """
        model.yaml:2:103: warning: train data: the target 'price' is large: mean 339200.0, deviation \
        79690.0; therefore the loss and the gradients of 'loss' are also large, and training diverges \
        or is slow; state standardize_target: true, or add a layer {name: target, type: Power, bottom: \
        label, scale: 1.255e-05, shift: -4.256} that losses and metrics read instead of 'label'
            2 | …ask: regression, batch_size: 20, standardize: true, target: price}
              |                                                              ^
        """
      ])
  }

  @Test(
    "are reported for every loss that grows with them, and for several targets",
    arguments: [
      ("{name: loss, type: L1Loss}", 1), ("{name: loss, type: HuberLoss}", 1),
      ("{name: loss, type: EuclideanLoss, bottom: [out, label]}", 1),
    ]) func losses(loss: String, outputs: Int) throws
  {
    #expect(try told(ValueScalesTests.model(loss: loss)).count == 1)
    let two = ValueScalesTests.model(
      data: "standardize: true, target: [rooms, price]", loss: loss, outputs: 2)
    let told = try told(two)
    #expect(told.count == 1)
    #expect(told.first?.contains("the target 'price' is large") == true)
    #expect(told.first?.contains("type: Power") == false)
  }

  /// The model follows the advice of the message, which then disappears.
  @Test("a target that a layer standardizes causes no warning") func recipe() throws {
    let target =
      "  - {name: target, type: Power, bottom: label, scale: 1.255e-05, shift: -4.256}\n"
    let text = ValueScalesTests.model(
      target: target, loss: "{name: loss, type: EuclideanLoss, bottom: [out, target]}")
    #expect(try told(text).isEmpty)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let data: String
    var input = ""
    var filler = ""
    /// A part of the message. Nil when there is no message.
    let part: String?
    var testDescription: String { "\(data) \(input) \(filler)" }
  }

  @Test(
    "of inputs are reported before the first layer of units",
    arguments: [
      Case(data: "inputs: [area, year]", part: "the inputs are large: their root mean square is "),
      Case(data: "inputs: [area, year]", part: "'area' reaches "),
      Case(data: "inputs: [area, year]", part: "try standardize: true, or scale: "),
      Case(
        data: "inputs: [area, year], scale: 0.00000001",
        part: "the inputs are small: their root mean "),
      Case(
        data: "inputs: [rooms, area], mean: 1500", input: "  - {name: flat, type: Flatten}\n",
        part: "the inputs are large"),
      Case(
        data: "inputs: [area, year]", filler: ", weight_filler: {type: gaussian, std: 0.0001}",
        part: nil),
      Case(data: "inputs: [rooms, area], standardize: true", part: nil),
      Case(data: "inputs: [rooms, area], scale: 0.001", part: nil),
      Case(data: "inputs: [rooms, area]", input: "  - {name: bn, type: BatchNorm}\n", part: nil),
      Case(
        data: "inputs: [rooms, area]", input: "  - {name: power, type: Power, scale: 0.001}\n",
        part: nil),
      Case(data: "inputs: rooms", part: nil),
    ]) func inputs(of one: Case) throws
  {
    let text = ValueScalesTests.model(
      data: one.data + ", target: price", input: one.input, filler: one.filler)
    let told = try told(text).filter { $0.contains("the inputs") }
    #expect(told.count == (one.part == nil ? 0 : 1), "\(told)")
    if let part = one.part {
      #expect(told.first?.contains(part) == true, "\(told)")
      #expect(told.first?.hasPrefix("model.yaml:2:10: warning: train data: ") == true, "\(told)")
    }
  }

  @Test("columns of very different scale are reported by name") func spread() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\(Double($0 % 7) / 10_000),\($0 % 11),\($0 % 2 == 0 ? "x" : "y")\n" }
    try folder.write("share,age,label\n" + rows.joined(), to: "t.csv")
    let text = """
      data: {train: {source: csv, file: t.csv, target: label, batch_size: 20}}
      solver: {base_lr: 0.01, max_epochs: 1}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      """
    #expect(
      try warnings(of: text, in: folder).filter { $0.kind == .inputScale }.map(\.text) == [
        """
        model.yaml:1:15: warning: train data: the inputs differ in scale: 'age' spreads over 10.0, and \
        'share' over 0.0006; no step size suits both, and the network learns little from the narrow \
        inputs; try standardize: true
            1 | data: {train: {source: csv, file: t.csv, target: label, batch_size: 20}}
              |               ^
        """
      ])
    let standardized = text.replacing("batch_size: 20", with: "batch_size: 20, standardize: true")
    let told = try warnings(of: standardized, in: folder) { $0.overwrites = true }
    #expect(told.isEmpty)
  }

  /// The pixels are stored values from 0 to 255, and scaled values.
  @Test("bytes of images cause a warning unless they are scaled", arguments: [false, true])
  func images(isScaled: Bool) throws {
    let folder = try TemporaryFolder()
    let pixels = (0..<12 * 64).map { UInt8($0 * 37 % 256) }
    try folder.write(
      [0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 8, 0, 0, 0, 8] + pixels, to: "images")
    try folder.write(
      [0, 0, 8, 1, 0, 0, 0, 12] + (0..<12).map { UInt8($0 % 2) }, to: "labels")
    let text = """
      data: {train: {source: idx, images: images, labels: labels, batch_size: 4\(isScaled ? ", scale: 0.00390625" : "")}}
      solver: {base_lr: 0.001, max_epochs: 1}
      network:
        - {name: conv, type: Convolution, num_output: 4, kernel_size: 3}
        - {name: relu, type: ReLU}
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      """
    let told = try warnings(of: text, in: folder).filter { $0.kind == .inputScale }
    #expect(told.count == (isScaled ? 0 : 1))
    if !isScaled {
      #expect(
        told.first?.text.contains("try standardize: true, or scale: 0.003922") == true, "\(told)")
    }
  }
}
