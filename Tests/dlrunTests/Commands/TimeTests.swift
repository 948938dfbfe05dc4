import Oracles
import Testing

@Suite struct TimeTests {
  @Test func printsOneRowPerLayer() throws {
    let result = try Program.run(
      ["time", Program.model("digits"), "--repeats", "2", "--threads", "1"], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "milliseconds of a training step, batch of 32, median of 2")
    let names = lines.dropFirst(2).map { $0.prefix { $0 != " " } }
    #expect(
      names == ["data", "ip1+relu1", "ip2+relu2", "ip3", "loss", "total", "sum", "whole"])
    #expect(lines.last?.hasPrefix("whole on 1 thread: ") == true)
  }

  @Test func timesTheTestPhase() throws {
    let result = try Program.run(
      ["time", Program.model("digits"), "--repeats", "1", "--phase", "test"], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.output.hasPrefix("milliseconds of a pass forward, batch of "))
    #expect(!result.output.contains("backward"))
    #expect(result.output.contains("\naccuracy  "))
  }
}
