internal import Expressions
package import Verification
internal import YAML

/// Verified models as JUnit's XML, which continuous integration servers display.
///
/// Each model is a test case. A model that differs from its record is a failure, and a model that
/// could not be compared is an error. A model with `verify: false` is skipped. Between two
/// verifications only the times vary.
package enum JUnitReport {
  package static func xml(_ verifications: [Verification]) -> String {
    var writer = MarkupWriter()
    writer.declaration()
    let errors = verifications.count { isError($0) }
    let failures = verifications.count { !$0.isPassed } - errors
    let skipped = verifications.count { $0.skipReason != nil }
    // The sum also counts models that ran at the same time.
    let seconds = verifications.reduce(0.0) { $0 + $1.seconds }.fixed(decimals: 3)
    writer.element(
      "testsuites",
      [
        "tests": .integer(verifications.count), "failures": .integer(failures),
        "errors": .integer(errors), "time": .text(seconds),
      ]
    ) { writer in
      writer.lineBreak()
      writer.element(
        "testsuite",
        [
          "name": "dlrun verify", "tests": .integer(verifications.count),
          "failures": .integer(failures), "errors": .integer(errors),
          "skipped": .integer(skipped), "time": .text(seconds),
        ]
      ) { writer in
        writer.lineBreak()
        for one in verifications { write(one, to: &writer) }
      }
      writer.lineBreak()
    }
    writer.lineBreak()
    return writer.string
  }

  private static func isError(_ verification: Verification) -> Bool {
    if case .failed = verification.outcome { true } else { false }
  }

  private static func write(_ verification: Verification, to writer: inout MarkupWriter) {
    let attributes: MarkupWriter.Attributes = [
      "classname": "models", "name": .text(verification.model), "file": .text(verification.model),
      "time": .text(verification.seconds.fixed(decimals: 3)),
    ]
    if let reason = verification.skipReason {
      writer.element("testcase", attributes) { $0.element("skipped", ["message": .text(reason)]) }
    } else if verification.isPassed {
      writer.element("testcase", attributes)
    } else {
      writer.element("testcase", attributes) { writer in
        let text = verification.messages.joined(separator: "\n")
        let message: MarkupWriter.Attributes = ["message": .text(summary(of: verification))]
        if isError(verification) {
          writer.element("error", message, text: text)
        } else {
          writer.element("failure", message, text: text)
        }
      }
    }
    writer.lineBreak()
  }

  /// Returns the messages on one line, because servers show it beside the name. Only the first line
  /// of a message is used.
  private static func summary(of verification: Verification) -> String {
    verification.messages.map { $0.split(separator: "\n").first.map(String.init) ?? "" }
      .joined(separator: "; ")
  }
}
