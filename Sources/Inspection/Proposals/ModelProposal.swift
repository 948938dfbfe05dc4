package import Files
internal import YAML

/// A model file that `dlrun init` proposes for a table or a folder of images.
package struct ModelProposal {
  /// The model file.
  package let text: String
  /// One line about the proposed model.
  package let summary: String

  /// The result of a look at the data.
  package enum Outcome {
    case proposal(ModelProposal)
    /// A table without a stated target: what is missing, one line for each column, and a suggestion.
    case question([String])
  }

  /// Proposes a model.
  ///
  /// - Parameters:
  ///   - data: the table, or the folder of images.
  ///   - targets: the columns of the table that the model predicts.
  ///   - modelPath: the place of the model file. `-` is standard output, in the current folder.
  /// - Throws: ``RunFailure`` when the data cannot be read, or do not suit a training.
  package static func outcome(
    data: String, targets: [String], modelPath: String
  ) throws(RunFailure) -> Outcome {
    if FileKind(of: data) == .folder {
      guard targets.isEmpty else {
        throw .refusedInput(
          "\(data.quotable): expected no --target, since the folders of images are the classes")
      }
      let folder = data.count > 1 && data.hasSuffix("/") ? String(data.dropLast()) : data
      let images = try ImageProposal(folder: folder, modelPath: modelPath)
      return .proposal(ModelProposal(text: images.text, summary: images.summary))
    }
    let table = try SurveyedTable(path: data)
    guard !targets.isEmpty else { return .question(question(table)) }
    let proposal = try TableProposal(table, targets: targets, modelPath: modelPath)
    return .proposal(ModelProposal(text: proposal.text, summary: proposal.summary))
  }

  private static func question(_ table: SurveyedTable) -> [String] {
    let suggestion = table.probableTarget.map { name in
      ["for example: dlrun init \(table.path.quotable) --target \(name.shellWord.quotable)"]
    }
    return [
      "error: \(table.path.quotable): --target is missing: expected the column that the model "
        + "predicts; the columns are"
    ] + table.columnLines + (suggestion ?? [])
  }

  /// Returns the usual name of the model file for data: `churn.yaml` for `data/churn.csv`.
  package static func fileName(for data: String) -> String {
    ModelName.of("-", else: data) + ".yaml"
  }
}

extension String {
  /// The text as one word of a shell.
  fileprivate var shellWord: String {
    let isPlain = unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
        || "_-./".unicodeScalars.contains($0)
    }
    return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
