import DataSources
import Foundation
import Layers
import Models
import Solvers
import Testing
import YAML

/// Compares the documentation with the behaviour of dlrun.
@Suite struct DocumentationTests {
  private func page(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Program.package)/\(path)", encoding: .utf8)
  }

  /// The first block of YAML in a page.
  private func firstModel(in page: String) throws -> String {
    let start = try #require(page.range(of: "```yaml\n"))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    return String(page[start.upperBound..<end.lowerBound])
  }

  /// A folder like `models`, with the README's model.
  private func folder(with model: String) throws -> Folder {
    let folder = try Folder()
    try folder.write(model, to: "iris.yaml")
    let data = try Program.shell("cp -r '\(Program.package)/models/data' .", in: folder)
    try #require(data.exitCode == 0)
    return folder
  }

  @Test func theModelOfTheReadmeReachesWhatItExpects() throws {
    let folder = try folder(with: try firstModel(in: try page("README.md")))
    let result = try Program.run(["iris.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("(expected >= 0.93: met)"))
    #expect(result.output.contains("written to runs/iris/001/ "))
  }

  @Test func theMistakeOfTheReadmeIsReportedAsItSays() throws {
    let readme = try page("README.md")
    let model = try firstModel(in: readme)
    let folder = try folder(with: model.replacing("  momentum: 0.9", with: "  momentun: 0.9"))
    let result = try Program.run(["check", "iris.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let indented = result.errors.split(separator: "\n").map { "    \($0)\n" }.joined()
    #expect(indented.hasPrefix("    iris.yaml:"))
    #expect(readme.contains("\n\n\(indented)\n"))
  }

  /// Every command and shipped model has a row in its table.
  @Test func theReadmeNamesEveryCommandAndModel() throws {
    let readme = try page("README.md")
    for command in [
      "train FILE", "check FILE", "show FILE", "plan FILE", "expand FILE", "test RUN",
      "predict RUN", "record FILE", "verify FILE",
      "gradcheck FILE", "trace FILE", "time FILE", "help-layer",
    ] {
      #expect(readme.contains("`dlrun \(command)"), "\(command)")
    }
    let models = try FileManager.default.contentsOfDirectory(atPath: "\(Program.package)/models")
      .filter { $0.hasSuffix(".yaml") }
    for model in models { #expect(readme.contains("\n| `models/\(model)` | "), "\(model)") }
    // Every row has its model.
    let rows = readme.split(separator: "\n").count { $0.hasPrefix("| `models/") }
    #expect(rows == models.count)
  }

  /// The language page contains every catalog name and every field as code.
  @Test func theLanguagePageNamesEveryField() throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    var names: [String] = []
    func add(_ fields: [FieldDescription]) { names += fields.map(\.name) }
    func add<Product>(_ catalog: Catalog<Product>) {
      for entry in catalog.entries {
        names.append(entry.reference.name)
        names += entry.reference.aliases
        add(entry.fields)
      }
    }
    add(LayerCatalog.all)
    add(FillerCatalog.all)
    add(SolverCatalog.all)
    add(PolicyCatalog.all)
    add(RegularizerCatalog.all)
    add(DataSourceCatalog.all)
    add(LayerHeader.fieldDescriptions)
    add(ParameterOptions.fieldDescriptions)
    add(SolverDeclaration.fieldDescriptions)
    add(Warmup.fieldDescriptions)
    add(EarlyStop.fieldDescriptions)
    add(DataDeclaration.fieldDescriptions)
    #expect(names.count > 80)
    for name in names { #expect(page.contains("`\(name)`"), "\(name) is missing") }
  }

  /// The page states the defaults of an empty file.
  @Test func theLanguagePageStatesDefaults() throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    let descriptions =
      SolverDeclaration.fieldDescriptions + DataDeclaration.fieldDescriptions
      + DataSourceCatalog.all.entries.flatMap(\.fields)
    for field in descriptions {
      guard let scalar = field.defaultValue?.scalar else { continue }
      let rows = page.split(separator: "\n").filter {
        $0.contains("| `\(field.name)` |") || $0.contains("| `\(field.name)`: ")
      }
      let isStated = rows.contains { row in
        let last = row.split(separator: "|").last { !$0.allSatisfy { $0 == " " } } ?? ""
        return last.contains(scalar.text)
      }
      #expect(isStated, "\(field.name): \(scalar.text)")
    }
  }
}
