import Files
import Inspection
import Oracles
import Testing

@Suite("The marks of numbers in a proposal") struct ProposedMarksTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Returns the lines of the proposed file that state marks, or the message of the refusal.
  private func lines(_ text: String, _ targets: [String]) throws -> [String] {
    let path = try folder.write(text, to: "t.csv")
    do throws(RunFailure) {
      let outcome = try ModelProposal.outcome(
        data: path, targets: targets, modelPath: folder.file("m.yaml"))
      guard case .proposal(let proposal) = outcome else { return [] }
      return proposal.text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        .filter { $0.contains("decimal") || $0.contains("thousands") }.map(String.init)
    } catch {
      return [error.rendered.replacing("\(folder.path)/", with: "")]
    }
  }

  /// Returns a table of 40 rows, with the cells of `cell` for a number from 0.
  private func table(_ header: String, _ cell: (Int) -> String) -> String {
    ([header] + (0..<40).map(cell)).joined(separator: "\n")
  }

  @Test func theyAreThoseOfTheTarget() throws {
    let european = table("x;y") { "\($0 * 7 % 11);1.\(200 + $0),5" }
    #expect(try lines(european, ["y"]) == ["decimal: \",\"", "thousands: \".\""])
    let quoted = table("x,y") { "\($0 * $0),\"\(200 + $0 * 3),5\"" }
    #expect(try lines(quoted, ["y"]) == ["decimal: \",\""])
    let spaces = table("x,y") { "\($0 * $0),1 \(200 + $0).5" }
    #expect(try lines(spaces, ["y"]) == ["thousands: \" \""])
  }

  @Test func anInputWithOthersStatesItsOwn() throws {
    let mixed = table("a;b;c;y") { "\($0 * $0);\($0).25;1'\(100 + $0),5;\($0 * 3),75" }
    #expect(
      try lines(mixed, ["y"]) == [
        "decimal: \",\"", "- {column: b, type: number, decimal: \".\"}    # 0.25 to 39.25",
        "- {column: c, type: number, decimal: \",\", thousands: \"'\"}    # 1100.5 to 1139.5",
      ])
    // The target has no marks, so that the inputs decide.
    let inputs = table("a;b;y") { "\($0 * $0),5;2.\(100 + $0),5;\($0 * 3)" }
    #expect(try lines(inputs, ["y"]) == ["decimal: \",\"", "thousands: \".\""])
  }

  @Test func targetsWithDifferentMarksAreRefused() throws {
    let text = table("x;y;z") { "\($0 * $0);\($0),5;\($0).25" }
    #expect(
      try lines(text, ["y", "z"]) == [
        "error: t.csv: column 'z': expected numbers with the marks of 'y', since all targets are "
          + "written alike"
      ])
  }
}
