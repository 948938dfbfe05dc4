package import Training

/// Verified models as JUnit's XML, which servers of continuous integration show: a test case a model.
///
/// A model that is not as recorded is a failure, one that could not be compared an error. Nothing in it depends on when
/// or how fast it was made.
package enum JUnitReport {
  package static func xml(_ verifications: [Verification]) -> String {
    var writer = MarkupWriter()
    writer.declaration()
    let errors = verifications.count { isError($0) }
    let failures = verifications.count { !$0.isPassed } - errors
    writer.element(
      "testsuites",
      [
        "tests": .integer(verifications.count), "failures": .integer(failures),
        "errors": .integer(errors),
      ]
    ) { writer in
      writer.lineBreak()
      writer.element(
        "testsuite",
        [
          "name": "dlrun verify", "tests": .integer(verifications.count),
          "failures": .integer(failures), "errors": .integer(errors),
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
      "classname": "models", "name": .text(verification.model),
    ]
    if verification.isPassed {
      writer.element("testcase", attributes)
    } else {
      writer.element("testcase", attributes) { writer in
        let text = verification.messages.joined(separator: "\n")
        let first = text.split(separator: "\n").first.map(String.init) ?? ""
        let message: MarkupWriter.Attributes = ["message": .text(first)]
        if isError(verification) {
          writer.element("error", message, text: text)
        } else {
          writer.element("failure", message, text: text)
        }
      }
    }
    writer.lineBreak()
  }
}
