import Oracles
import Testing

/// A regression on a table with decimal commas, from its proposal to predictions.
@Suite struct EuropeanNumbersTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let rows = (0..<80).map {
      "\($0 % 40),5;\($0 % 2 == 0 ? "neu" : "alt");1.\(100 + 10 * ($0 % 40)),25"
    }
    try folder.write((["Fläche;Bau;Preis"] + rows).joined(separator: "\n"), to: "t.csv")
  }

  @Test func aRegressionTrainsAndPredicts() throws {
    let made = try Program.run(["init", "t.csv", "--target", "Preis"], in: folder)
    #expect(made.exitCode == 0, "\(made.errors)")
    let text = try folder.text("t.yaml")
    #expect(text.contains("    decimal: \",\"\n    thousands: \".\"\n    target: Preis"))
    let checked = try Program.run(["check", "--data", "t.yaml"], in: folder)
    #expect(checked.exitCode == 0, "\(checked.errors)")
    let trained = try Program.run(["t.yaml", "--output", "run"], in: folder)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    try folder.write("Bau;Fläche\nneu;10,5\nalt;20,5\n", to: "new.csv")
    let predicted = try Program.run(
      ["predict", "run", "--input", "new.csv", "--output", "-"], in: folder)
    let values = predicted.output.split(separator: "\n").dropFirst().map { Double($0) ?? .nan }
    // The price is 1100.25 + 10 · (area − 0.5).
    #expect(values.count == 2, "\(predicted.errors)")
    for (value, price) in zip(values, [1200.25, 1300.25]) { #expect(abs(value - price) < 60) }
  }
}
