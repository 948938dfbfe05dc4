import Files
import Oracles
import Testing

/// Tests the progress line on terminals of different widths.
@Suite(.tags(.slow)) struct ProgressTests {
  /// Returns the lines that a training showed on a terminal.
  ///
  /// - Parameter prelude: commands that prepare the terminal.
  private func lines(
    _ prelude: String, environment: String = "", in folder: TemporaryFolder
  ) throws -> [String] {
    try folder.write(
      """
      data: {train: {source: spiral, batch_size: 20}, test: {source: spiral}}
      network:
      - {name: ip, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}
      - {name: accuracy_of_the_first, type: Accuracy, phase: test, bottom: [ip, label]}
      - {name: accuracy_of_the_second, type: Accuracy, phase: test, bottom: [ip, label], top_k: 2}
      solver: {base_lr: 0.1, max_iter: 200000, test_interval: 1000}

      """, to: "m.yaml")
    try folder.write(
      "\(prelude)\n\(environment) $dlrun m.yaml --output run\n", to: "script.sh")
    let result = try Program.shell(
      "script --quiet --return --command 'bash script.sh' /dev/null", in: folder)
    #expect(result.exitCode == 0)
    return result.output.split(separator: "\r\u{1B}[K").map(String.init).filter {
      $0.hasPrefix("epoch") || $0.count < 8
    }
  }

  @Test(arguments: [200, 80, 40, 20, 5])
  func fitsTheTerminal(columns: Int) throws {
    let lines = try lines("stty columns \(columns)", in: TemporaryFolder())
    try #require(lines.count >= 2)
    #expect(lines.allSatisfy { $0.count < columns })
    #expect(lines.contains { $0.hasSuffix("…") } == (columns < 140))
    #expect(columns != 200 || lines.contains { $0.hasSuffix(" left") })
  }

  /// The terminal does not know its size.
  @Test func usesTheColumnsOfTheEnvironment() throws {
    let lines = try lines("stty columns 0", environment: "COLUMNS=30", in: TemporaryFolder())
    try #require(lines.count >= 2)
    #expect(lines.allSatisfy { $0.count <= 29 })
    #expect(lines.contains { $0.count == 29 && $0.hasSuffix("…") })
  }

  /// The window is resized during the training.
  @Test func followsTheWindow() throws {
    let lines = try lines(
      "stty columns 30; (sleep 0.4; stty columns 60 < /dev/tty) &", in: TemporaryFolder())
    try #require(lines.count >= 3)
    #expect(lines.first.map { $0.count <= 29 } == true)
    #expect(lines.contains { (30...59).contains($0.count) })
  }
}
