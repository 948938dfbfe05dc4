internal import DataFiles
package import DataSources
package import Files
internal import ModelFiles
package import Training
internal import YAML

/// The content of a model's data: examples and classes of each part, and all columns of tables.
package struct DataReport {
  package private(set) var lines: [String] = []

  /// The greatest number of classes whose counts are shown.
  private static let classLimit = 20

  /// Counts the classes of examples that were read, and reads each table once more.
  ///
  /// - Throws: ``RunFailure`` when a table changed in between.
  package init(
    _ model: PreparedModel, train: Dataset, test: Dataset?
  ) throws(RunFailure) {
    let parts = model.file.data
    do throws(DataFailure) {
      lines.append(try DataReport.line(.train, train))
      if let test { lines.append(try DataReport.line(.test, test)) }
    } catch {
      throw RunFailure(error, in: parts)
    }
    let tables = [(DataPhase.train, parts.train), (.test, parts.test ?? parts.train)]
      .compactMap { phase, part in
        (part.source as? CSV).map { table in
          let context = DataContext(
            directory: model.file.directory, seed: model.file.seed, phase: phase)
          return (phase: phase, table: table, path: context.resolve(table.file))
        }
      }
    guard let first = tables.first, let last = tables.last else { return }
    do throws(DataFailure) {
      guard last.path != first.path else {
        let title = test == nil ? "train" : "train and test"
        lines += try TableReport(first.table, path: first.path).lines(title)
        return
      }
      for part in [first, last] {
        lines += try TableReport(part.table, path: part.path).lines(part.phase.rawValue)
      }
    } catch {
      throw RunFailure(error, in: parts)
    }
  }

  /// Describes the examples of a part.
  private static func line(
    _ phase: DataPhase, _ data: Dataset
  ) throws(DataFailure) -> String {
    let targets = data.targets.filter(\.top.hasClasses)
    let counts = try targets.map { target throws(DataFailure) in
      "; \(target.name.escapingControls): \(try classCounts(target))"
    }
    return "\(phase.rawValue): \(data.count.grouped) examples (\(data.signature.text))"
      + counts.joined()
  }

  private static func classCounts(
    _ target: ExampleTensor
  ) throws(DataFailure) -> String {
    let names = target.classes ?? []
    var counts = [Int](repeating: 0, count: names.count)
    try target.storage.forEachPiece { values, _ in
      for index in values.indices {
        if let number = Int(exactly: values[index]), counts.indices.contains(number) {
          counts[number] += 1
        }
      }
      return true
    }
    let shown = zip(names, counts).prefix(classLimit).map { "\($0.commentWord) \($1.grouped)" }
    let rest = names.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more classes" : "")
  }
}
