import Oracles
import Testing

/// Tests integers in fields, in `show` and in the memory check.
@Suite struct NumberFieldTests {
  @Test(arguments: ["max_iter: 1e1", "max_iter: 10.0", "max_iter: 1.0e+1", "max_iter: 10"])
  func integersMayHaveAnExponent(length: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons, points_per_class: 2e1, batch_size: 8.0}}
      network:
        - {name: ip, type: Linear, num_output: 2e0}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, \(length)}
      """, to: "m.yaml")
    let result = try Program.run(["m.yaml", "--output", "run", "--quiet"], in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try folder.text("run/history.csv").split(separator: "\n").count == 11)
    #expect(try folder.text("run/model.yaml").contains("max_iter: 10\n"))
  }

  @Test(arguments: ["1.5", "1e-1", "1e400", "1e16", ".nan"])
  func fractionsAreNotIntegers(length: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons}}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: \(length)}
      """, to: "m.yaml")
    let result = try Program.run(["check", "m.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.errors.hasPrefix("m.yaml:5:34: error: max_iter: expected "), "\(result.errors)")
  }

  @Test func suggestsDisplayForALongHistory() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons}}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 3000000}
      """, to: "m.yaml")
    let arguments = ["m.yaml", "--memory-limit", "256MiB", "--output", "run"]
    let result = try Program.run(arguments, in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors.contains(
        "; the history has a row for every 'display' iterations (1 here): set a greater 'display'"
      ),
      "\(result.errors)")
    let fits = try Program.run(
      ["check", "--set", "solver.display=100"] + arguments.prefix(3), in: folder)
    #expect(fits.exitCode == 0, "\(fits.errors)")
  }

  /// Running statistics do not count as parameters.
  @Test func showCountsStatisticsSeparately() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons, batch_size: 4}}
      network:
        - {name: ip1, type: Linear, num_output: 3}
        - {name: bn, type: BatchNorm}
        - {name: ip2, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 2}
      """, to: "m.yaml")
    let result = try Program.run(["show", "m.yaml"], in: folder)
    let words = result.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(words.contains(["layer", "type", "output", "parameters", "statistics", "FLOPs"]))
    #expect(
      words.contains { $0.prefix(5) == ["bn", "BatchNorm", "4x3", "6", "6"] }, "\(result.output)")
    #expect(words.contains { $0.prefix(3) == ["total", "23", "6"] })
  }
}
