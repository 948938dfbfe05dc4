import Files
import Foundation
import Oracles
import Testing

/// Tests `weight` and `class_weights` in every loss.
@Suite struct ExampleWeightTests {
  /// The losses, with the layers before them. Each reads the 2 inputs and the target y, t or c.
  static let losses: [(name: String, target: String, layers: [String])] = [
    ("EuclideanLoss", "[y, z]", [ip(2), "type: EuclideanLoss"]),
    ("L1Loss", "[y, z]", [ip(2), "type: L1Loss"]),
    ("L1Loss of sums", "[y, z]", [ip(2), "type: L1Loss, normalization: BATCH_SIZE"]),
    ("HuberLoss", "[y, z]", [ip(2), "type: HuberLoss, normalization: FULL"]),
    ("SigmoidCrossEntropyLoss", "[y, z]", [ip(2), "type: SigmoidCrossEntropyLoss"]),
    (
      "ignored targets", "[y, z]",
      [ip(2), "type: SigmoidCrossEntropyLoss, ignore_label: 0, normalization: VALID"]
    ),
    ("KLDivLoss", "[y, z]", [ip(2), "type: LogSoftmax", "type: KLDivLoss"]),
    ("SoftmaxWithLoss", "c", [ip(3), "type: SoftmaxWithLoss"]),
    ("smoothing", "c", [ip(3), "type: SoftmaxWithLoss, label_smoothing: 0.1, weights: [1, 2, 3]"]),
    ("sum", "c", [ip(3), "type: SoftmaxWithLoss, normalization: NONE"]),
    ("ignored class", "c", [ip(3), "type: SoftmaxWithLoss, ignore_label: 2"]),
    (
      "ignored, over all", "c",
      [ip(3), "type: SoftmaxWithLoss, ignore_label: 2, normalization: FULL"]
    ),
    ("MultinomialLogisticLoss", "c", [ip(3), "type: Softmax", "type: MultinomialLogisticLoss"]),
    ("HingeLoss", "c", [ip(3), "type: HingeLoss, form: pairwise"]),
    ("FocalLoss", "c", [ip(3), "type: FocalLoss"]),
    (
      "InfogainLoss", "c",
      [ip(3), "type: InfogainLoss, matrix: [[1, 0, 0], [0, 1, 0.5], [0, 0, 1]]"]
    ),
    (
      "ContrastiveLoss", "t",
      [
        "name: a, bottom: data, " + ip(3), "name: b, bottom: data, " + ip(3, seed: 2),
        "type: ContrastiveLoss, bottom: [a, b, label], margin: 2",
      ]
    ),
    (
      "CosineLoss", "t",
      [
        "name: a, bottom: data, " + ip(3), "name: b, bottom: data, " + ip(3, seed: 2),
        "type: CosineLoss, bottom: [a, b, label]",
      ]
    ),
    (
      "TripletLoss", "t",
      [
        "name: a, bottom: data, " + ip(3), "name: b, bottom: data, " + ip(3, seed: 2),
        "name: c, bottom: data, " + ip(3, seed: 5), "type: TripletLoss, bottom: [a, b, c]",
      ]
    ),
  ]

  private static func ip(_ count: Int, seed: Int = 1) -> String {
    "type: Linear, num_output: \(count), weight_filler: {type: gaussian, std: 0.\(seed + 2)}"
  }

  /// Rows with the columns of all targets, and the weights 0 to 3.
  private static let rows = [
    "0.5,-1,0.2,0.9,a,1", "1.5,2,1,0.1,b,0", "-1,0.3,0.7,0.4,c,1", "-0.2,-0.8,0.1,0.8,a,0",
    "0.9,0.9,0.6,0.6,b,1", "0.1,1.4,0.3,0.2,c,0",
  ]
  private static let weights = [2, 1, 0, 3, 1, 1]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let header = "p,q,y,z,c,t"
    let weighted = zip(ExampleWeightTests.rows, ExampleWeightTests.weights).map { "\($0),\($1)\n" }
    try folder.write("\(header),w\n" + weighted.joined(), to: "weighted.csv")
    let repeated = zip(ExampleWeightTests.rows, ExampleWeightTests.weights).flatMap { row, weight in
      Array(repeating: "\(row),1\n", count: weight)
    }
    try folder.write("\(header),w\n" + repeated.joined(), to: "repeated.csv")
    return folder
  }

  private func model(
    _ file: String, target: String, _ layers: [String], data: String = "", solver: String = ""
  ) -> String {
    let named = layers.enumerated().map { place, layer in
      let name = place == layers.count - 1 ? "loss" : "l\(place)"
      return "- {\(layer.hasPrefix("name:") ? layer : "name: \(name), \(layer)")}\n"
    }
    let task =
      target == "t" ? ", classes: 2" : target == "c" ? ", classes: 3" : ", task: regression"
    return """
      data:
        train: {source: csv, file: \(file), target: \(target), inputs: [p, q]\(task), batch_size: 100,
                shuffle: false\(data)}
      network:
      \(named.joined())
      solver: {base_lr: 0.1, max_iter: 6\(solver)}

      """
  }

  private func history(_ text: String, in folder: TemporaryFolder) throws -> [Double] {
    try folder.write(text, to: "net.yaml")
    let result = try Program.run(["net.yaml", "--output", "run", "--overwrite"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    return try folder.text("run/history.csv").split(separator: "\n").dropFirst().compactMap {
      $0.split(separator: ",").last.flatMap { Double($0) }
    }
  }

  private func equals(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == 6 && right.count == 6
      && zip(left, right).allSatisfy { abs($0 - $1) <= 2e-6 * max(1, abs($0)) }
  }

  /// An example of weight n has the effect of n equal examples, on the loss and on the gradient.
  @Test(arguments: 0..<ExampleWeightTests.losses.count)
  func weightsCountExamples(index: Int) throws {
    let (name, target, layers) = ExampleWeightTests.losses[index]
    let folder = try folder()
    let weighted = try history(
      model("weighted.csv", target: target, layers, data: ", weight: w"), in: folder)
    let repeated = try history(model("repeated.csv", target: target, layers), in: folder)
    #expect(equals(weighted, repeated), "\(name): \(weighted), expected \(repeated)")
    #expect(weighted.first != weighted.last)
    // Equal examples give another loss, except where the sum of the weights changes nothing.
    let plain = try history(model("weighted.csv", target: target, layers), in: folder)
    #expect(!equals(weighted, plain), "\(name)")
    // Slices of the batch share one divisor.
    let sliced = try history(
      model("weighted.csv", target: target, layers, data: ", weight: w", solver: ", shards: 4"),
      in: folder)
    #expect(equals(weighted, sliced), "\(name): \(sliced), expected \(weighted)")
  }

  @Test(arguments: 0..<ExampleWeightTests.losses.count)
  func gradientsMatchDifferences(index: Int) throws {
    let (name, target, layers) = ExampleWeightTests.losses[index]
    let folder = try folder()
    try folder.write(
      model("weighted.csv", target: target, layers, data: ", weight: w"), to: "net.yaml")
    let result = try Program.run(["gradcheck", "net.yaml"], in: folder)
    #expect(result.exitCode == 0, "\(name): \(result.output)\(result.errors)")
  }

  /// PyTorch's `weight`, which the layer's own `weights` follow.
  @Test func classWeightsAreThoseOfTheLoss() throws {
    let folder = try folder()
    let own = try history(
      model(
        "weighted.csv", target: "c",
        ["type: Linear, num_output: 3", "type: SoftmaxWithLoss, weights: [0.5, 1, 4]"]),
      in: folder)
    let stated = try history(
      model(
        "weighted.csv", target: "c",
        ["type: Linear, num_output: 3", "type: SoftmaxWithLoss"],
        data: ""
      ).replacing(
        "classes: 3", with: "classes: [a, b, c], class_weights: {c: 4, a: 0.5}"), in: folder)
    #expect(equals(own, stated), "\(stated), expected \(own)")
  }

  /// Of 6 examples 3, 2 and 1 belong to the classes, so that their weights are 6/(3·n). The run
  /// states them.
  @Test func balancedWeightsAreStatedByTheRun() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,c\n1,u\n2,v\n3,v\n4,w w\n5,v\n6,u\n9,w w\n", to: "t.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, target: c, rows: 6, class_weights: balanced}
        test: {source: csv, file: t.csv, target: c, rows: [6, 7]}
      network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
      solver: {base_lr: 0.01, max_epochs: 3}

      """, to: "net.yaml")
    let result = try Program.run(["net.yaml", "--output", "run"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    let model = try folder.text("run/model.yaml")
    #expect(
      model.components(
        separatedBy: "    class_weights: {u: 1, v: 0.6666666666666666, w w: 2}\n"
      ).count == 3, "\(model)")
    // The stated weights give the same run, bit for bit.
    let again = try Program.run(["run/model.yaml", "--output", "again"], in: folder)
    #expect(again.exitCode == 0)
    #expect(
      try folder.bytes("again/weights.safetensors") == folder.bytes("run/weights.safetensors"))
    let last = try #require(try folder.text("run/history.csv").split(separator: "\n").last)
    let test = try Program.run(["test", "run", "--weights", "last"], in: folder)
    #expect(test.output == "test_loss \(last.split(separator: ",").last ?? "")\n")
  }

  /// Weights of rows and of classes multiply. Metrics count all examples alike.
  @Test func bothWeightsMultiply() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,c,w,v\n1,a,1,0.5\n2,b,3,6\n3,a,2,1\n4,b,0.5,1\n", to: "t.csv")
    func loss(_ data: String) throws -> String {
      try folder.write(
        """
        data: {train: {source: csv, file: t.csv, target: c, inputs: x, \(data)}}
        network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
        solver: {base_lr: 1e-9, max_iter: 1}

        """, to: "net.yaml")
      let result = try Program.run(["net.yaml", "--output", "run", "--overwrite"], in: folder)
      try #require(result.exitCode == 0, "\(result.errors)")
      return try Program.run(["test", "run"], in: folder).output
    }
    let product = try loss("weight: v")
    #expect(try loss("weight: w, class_weights: {a: 0.5, b: 2}") == product)
    let plain = try loss("batch_size: 4")
    #expect(plain != product)
    #expect(plain.split(separator: "\n").last == product.split(separator: "\n").last)
  }

  @Test(arguments: [
    (
      "target: c, weight: w", "1,a,-1", "2:86",
      "t.csv: row 2, column 'w': expected a weight of at least 0, received -1.0"
    ),
    (
      "target: c, weight: w", "1,a,x", "2:86",
      "t.csv: row 2, column 'w': expected a number, received 'x'; "
        + "'type: category' accepts it"
    ),
    (
      "target: c, weight: w", "1,a,0", "2:86",
      "train data: weight: expected an example with a weight above 0, received none"
    ),
    (
      "target: c, weight: v", "1,a,0", "2:86",
      "t.csv: row 1: expected a column 'v', received 'x', 'c', 'w'"
    ),
    (
      "target: c, weight: c", "1,a,0", "2:86",
      "weight: expected a column that is neither target nor input, received 'c'"
    ),
    (
      "target: c, inputs: x, class_weights: {bb: 2}", "1,a,1", "2:104",
      "train data: class_weights: expected a class ('a', 'b'), received 'bb'; did you mean 'b'?"
    ),
    (
      "target: c, inputs: x, class_weights: {b: -2}", "1,a,1", "2:108",
      "class_weights: expected a weight from 0 to 1000000, received '-2'"
    ),
    (
      "target: c, inputs: x, class_weights: even", "1,a,1", "2:104",
      "class_weights: expected balanced or a mapping of classes to weights from 0 to 1000000, "
        + "received 'even'"
    ),
    (
      "target: w, task: regression, inputs: x, class_weights: balanced", "1,a,1", "2:122",
      "train data: class_weights: expected none, since the target is not one class for each example"
    ),
  ])
  func mistakesAreLocated(data: String, row: String, place: String, message: String) throws {
    let folder = try TemporaryFolder()
    let loss = data.contains("regression") ? "EuclideanLoss" : "SoftmaxWithLoss"
    try folder.write("x,c,w\n\(row)\n2,b,0\n", to: "t.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, batch_size: 2, shuffle: true, \(data)}
      network: [{name: ip, type: Linear, num_output: 2}, {name: loss, type: \(loss)}]
      solver: {base_lr: 0.01, max_epochs: 3}

      """,
      to: "net.yaml")
    let result = try Program.run(["check", "--data", "net.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let first = result.errors.split(separator: "\n").first.map(String.init) ?? ""
    #expect(first.hasSuffix("error: \(message)"), "\(first)")
    #expect(first.hasPrefix("net.yaml:\(place):"), "\(first)")
  }

  @Test func ownLossesAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y,w\n1,2,3\n2,3,1\n", to: "t.csv")
    try folder.write(
      """
      data: {train: {source: csv, file: t.csv, target: y, task: regression, weight: w}}
      network:
      - {name: ip, type: Linear, num_output: 1}
      - {name: size, type: Expression, bottom: ip, formula: ip * ip, loss_weight: 0.1}
      - {name: own, type: Expression, bottom: [ip, label], formula: abs(ip - label), loss_weight: 1}
      solver: {base_lr: 0.01, max_epochs: 3}

      """, to: "net.yaml")
    let result = try Program.run(["check", "net.yaml"], in: folder)
    #expect(
      result.errors == """
        net.yaml:5:3: error: layer 'own' (Expression): expected a loss layer such as EuclideanLoss, \
        since the data have weights, which other layers do not apply
            5 | - {name: own, type: Expression, bottom: [ip, label], formula: …
              |   ^

        """)
  }
}
