import Files
import Inspection
import Oracles
import Testing

@Suite("A proposal for a table") struct TableProposalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Returns the outcome for a table of this text.
  private func outcome(
    _ text: String, _ targets: [String]
  ) throws(RunFailure) -> ModelProposal.Outcome {
    let path = (try? folder.write(text, to: "t.csv")) ?? ""
    return try ModelProposal.outcome(
      data: path, targets: targets, modelPath: folder.file("m.yaml"))
  }

  private func proposal(_ text: String, _ targets: [String]) throws -> ModelProposal {
    guard case .proposal(let proposal) = try outcome(text, targets) else {
      throw RunFailure.refusedInput("no proposal")
    }
    return proposal
  }

  /// Returns the message of the failure for a table, without the path of the folder.
  private func refusal(_ text: String, _ targets: [String]) -> String {
    do throws(RunFailure) {
      _ = try outcome(text, targets)
      return ""
    } catch {
      return error.rendered.replacing("\(folder.path)/", with: "")
    }
  }

  /// Returns the line of the model file for a column: its item, or the reason why it is left out.
  private func line(_ header: String, _ cells: [String]) throws -> String {
    let rows = cells.enumerated().map { "\($1),\($0 % 2 == 0 ? "p" : "q"),\(Double($0) / 7)" }
    let text = "\(header),target,other\n" + rows.joined(separator: "\n")
    let lines = try proposal(text, ["target"]).text.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.contains("inputs:") })
    let end = try #require(lines.firstIndex { $0.contains("{column: other") })
    let inputs = lines[start + 1..<end].map { $0.trimmingPrefix { $0 == " " } }
    if let item = inputs.first {
      return inputs.count == 1 ? String(item) : inputs.joined(separator: " ")
    }
    let left = try #require(lines.firstIndex { $0.contains("# Left out:") })
    return lines[left + 1..<lines.endIndex].prefix { $0.hasPrefix("      # ") }
      .map { String($0.dropFirst(8)) }.joined(separator: " ")
  }

  /// The cells repeated up to 40 rows.
  private func repeated(_ cells: [String]) -> [String] { (0..<40).map { cells[$0 % cells.count] } }

  @Test("states every guess in the file")
  func wholeText() throws {
    let cities = ["Bern", "Chur", "Genf"]
    let rows = (0..<60).map { row in
      "\(row + 100);\(row % 12 == 0 ? "NA" : "1.\(200 + 10 * row),5");\(cities[row % 3]);"
        + "\(10 + row % 19).03.2024;CH;\(row % 3 == 0 ? "yes" : "no")"
    }
    let proposal = try proposal(
      "id;income;city;joined;country;churned\n" + rows.joined(separator: "\n"), ["churned"])
    #expect(
      proposal.summary
        == "3 of 5 columns are inputs (2 left out), classification of 'churned' (2 classes)")
    let start = try #require(proposal.text.firstRange(of: "name: m"))
    let words = proposal.text[..<start.lowerBound].split { "# \n".contains($0) }
    #expect(
      words.joined(separator: " ")
        == "A proposal of dlrun init for \(folder.path)/t.csv: classification of 'churned' (2 "
        + "classes). Every guess is a line below: change what is wrong. dlrun \(folder.path)/m.yaml "
        + "dlrun predict runs/m --input new.csv --output predictions.csv")
    #expect(
      proposal.text[start.lowerBound...] == """
        name: m
        seed: 1

        data:
          # the share of the rows that trains; the others test
          split: {fraction: 0.8, seed: 1, stratify: true}
          train:
            source: csv
            file: t.csv    # 60 rows, 6 columns
            separator: ";"
            encoding: utf-8
            header: true
            decimal: ","
            thousands: "."
            target: churned    # 2 classes: no 40, yes 20
            task: classification
            standardize: true    # inputs of mean 0 and deviation 1
            batch_size: 16
            keep: [id]    # predictions repeat it
            inputs:
              # 1210.5 to 1790.5; 5 missing (NA 5)
              - {column: income, type: number, missing: median, indicator: true}
              # 3 categories: Bern 20, Chur 20, Genf 20
              - {column: city, type: category, encoding: one_hot}
              - {column: joined, type: date, format: "%d.%m.%Y"}    # 2024-03-10 to 2024-03-28
              # Left out:
              # id: a running number, like an id
              # country: every row has CH
          test: {batch_size: 100}

        # 1 hidden layer of 16, by the number of rows and inputs.
        network:
          - {name: ip1, type: Linear, num_output: 16, weight_filler: msra}
          - {name: relu1, type: ReLU}
          - {name: scores, type: Linear, num_output: 2}
          - {name: loss, type: SoftmaxWithLoss}
          - {name: accuracy, type: Accuracy, phase: test}

        solver:
          type: AdamW
          base_lr: 0.003
          lr_policy: cosine    # falls to 0 at the end
          weight_decay: 0.01
          max_epochs: 100
          test_interval: 1 epoch

        """)
  }

  @Test("gives columns their types, and ways to fill gaps")
  func inputs() throws {
    #expect(try line("a", repeated(["1.5", "2"])) == "- {column: a, type: number}    # 1.5 to 2")
    #expect(
      try line("a", repeated(["true", "false", ""]))
        == "# 2 categories: true 14, false 13; 13 missing "
        + "- {column: a, type: boolean, missing: most_frequent}")
    #expect(
      try line("a", repeated(["x", "y", "z", "NA"]))
        == "# 3 categories: x 10, y 10, z 10; 10 missing (NA 10) "
        + "- {column: a, type: category, encoding: one_hot, missing: own, other: true}")
    #expect(
      try line("a", repeated(["2024-01-31", "2024-02-29"]))
        == "- {column: a, type: date}    # 2024-01-31 to 2024-02-29")
    #expect(
      try line("shop_id", repeated(["7", "8"]))
        == "- {column: shop_id, type: category, encoding: one_hot}    # 2 categories: 7 20, 8 20")
    #expect(
      try line("a: b #c", repeated(["1", "3"]))
        == "- {column: \"a: b #c\", type: number}    # 1 to 3")
    #expect(
      try line("${a}", repeated(["1", "3"])) == "- {column: \"$${a}\", type: number}    # 1 to 3")
  }

  @Test("leaves out columns that cannot help, with the reason")
  func leftOut() throws {
    #expect(
      try line("a", (0..<40).map { "name \($0)" })
        == "a: every row has another text, like a name or an id")
    #expect(try line("a", (0..<40).map { "\($0 + 5)" }) == "a: a running number, like an id")
    #expect(
      try line("a", (0..<40).map { "\(($0 * 7) % 40)" })
        == "a: every integer from 0 to 39 once, like an id")
    #expect(
      try line("userId", (0..<40).map { "\($0 * $0 * 31 % 1009)" })
        == "userId: its name says that its numbers are ids")
    #expect(try line("a", repeated(["k"])) == "a: every row has k")
    #expect(try line("a", repeated(["", "k"])) == "a: k is its only value besides gaps")
    #expect(try line("a", repeated(["", "NA"])) == "a: it has no values")
    #expect(
      try line("a", (0..<40).map { $0 < 5 ? "\($0 * 3)" : "" })
        == "a: only 5 of 40 rows have a value")
    #expect(
      try line("a", (0..<40).map { "t\($0 / 2)" })
        == "a: 20 different texts, more than 10 categories (a twentieth of the rows, 10 to 100)")
    #expect(try line("", repeated(["1", "2"])) == "\"\": it has no name")
    #expect(try line("x*", repeated(["1", "2"])) == "\"x*\": a star in a name means a pattern")
  }

  @Test("keeps ids and short names for the predictions")
  func identities() throws {
    let rows = (0..<40).map { row in
      let text = String(repeating: "w", count: 41) + String(row)
      return "\(row + 7),n\(row),\(text),\(row % 3),\(row * row % 11),\(row % 2)"
    }
    let table = "nr,name,note,kind,x,y\n" + rows.joined(separator: "\n")
    #expect(
      try proposal(table, ["y"]).text.contains(
        "    keep: [nr, name]    # predictions repeat it\n"))
    #expect(try proposal(table, ["x", "nr"]).text.contains("    keep: [name]    #"))
  }

  @Test("adds unusual texts for missing values to the list")
  func missingWords() throws {
    let rows = (0..<40).map { "\($0 % 9 == 0 ? "unknown" : "\($0 * 3)"),\($0 % 2)" }
    let text = try proposal("a,y\n" + rows.joined(separator: "\n"), ["y"]).text
    #expect(
      text.contains(
        """
            missing_values: ["", NA, N/A, NaN, nan, "null", "NULL", None, "?", "-", unknown]

        """))
    #expect(
      text.contains(
        """
              # 3 to 117; 5 missing (unknown 5)
              - {column: a, type: number, missing: median, indicator: true}

        """))
  }

  @Test("chooses the task and the network by the targets")
  func tasks() throws {
    let rows = (0..<60).map {
      "\($0 % 2),\($0 % 3 == 0 ? 1 : 0),\(Double($0) * 1.5),\($0 % 4),\($0)"
    }
    let table = "l1,l2,value,grade,x\n" + rows.joined(separator: "\n")
    let labels = try proposal(table, ["l1,l2"])
    #expect(labels.summary.hasSuffix("independent labels 'l1', 'l2'"))
    #expect(labels.text.contains("task: multi_label"))
    #expect(labels.text.contains("type: SigmoidCrossEntropyLoss"))
    let value = try proposal(table, ["value"])
    #expect(value.summary.hasSuffix("regression of 'value'"))
    #expect(value.text.contains("    target: value    # 0 to 88.5\n"))
    #expect(value.text.contains("type: R2"))
    let grade = try proposal(table, ["grade"])
    #expect(grade.summary.hasSuffix("classification of 'grade' (4 classes)"))
    #expect(grade.text.contains("    task: classification\n"))
    #expect(try proposal(table, ["value", "x"]).text.contains("num_output: 2}"))
  }

  @Test("leaves out rows without a target, and standardizes values")
  func targetGaps() throws {
    let rows = (0..<60).map { "\($0 * 7 % 50),\($0 % 10 == 0 ? "unknown" : "\($0 * 3).5")" }
    let text = try proposal("x,y\n" + rows.joined(separator: "\n"), ["y"]).text
    let expected = """
          missing_values: ["", NA, N/A, NaN, nan, "null", "NULL", None, "?", "-", unknown]
          target: y    # 3.5 to 177.5
          task: regression
          standardize_target: true    # metrics and predictions keep the unit of the target
          missing_target: row    # leaves out 6 rows without a target

      """
    #expect(text.contains(expected), "\(text)")
  }

  @Test("refuses targets that cannot be predicted")
  func targets() {
    let rows = (0..<40).map { "\($0 % 2),k,\($0 == 3 ? "" : "v"),n\($0),2024-01-01,\"1,5\"," }
    let table = "x,c,g,name,day,e,empty\n" + rows.joined(separator: "\n")
    let expected = [
      "c": "expected a target with different values, received only 'k'",
      "g": "expected a target with different values, received only 'v'",
      "name": "expected a target of at most 100 classes with several rows each, received 40 "
        + "different texts",
      "day": "expected a target with different values, received only '2024-01-01'",
      "empty": "expected a target with values, received an empty column",
    ]
    for (name, message) in expected {
      #expect(refusal(table, [name]) == "error: t.csv: column '\(name)': \(message)")
    }
    #expect(
      refusal(table, ["nmae"])
        == "error: t.csv: row 1: expected a column 'nmae', received 'x', 'c', 'g', 'name', 'day', "
        + "'e', 'empty'; did you mean 'name'?")
    let few =
      "x,y\n"
      + (0..<40).map { "\($0),\($0 < 35 ? "NA" : "p\($0 % 2)")" }
      .joined(separator: "\n")
    #expect(
      refusal(few, ["y"])
        == "error: t.csv: column 'y': expected at least 10 rows with a value, received 5")
    let mixed = "x,y,z\n" + (0..<40).map { "\($0),\($0 % 2),p\($0 % 3)" }.joined(separator: "\n")
    #expect(
      refusal(mixed, ["y", "z"])
        == "error: t.csv: column 'y': expected numbers, because several targets are all numbers or "
        + "all booleans; name one target for a classification")
  }

  @Test("refuses tables without enough rows or inputs")
  func tables() {
    #expect(
      refusal("a,y\n1,x\n", ["y"])
        == "error: t.csv: expected at least 10 rows below the header, received 1")
    #expect(
      refusal("a,y\n", ["y"])
        == "error: t.csv: expected at least 10 rows below the header, received 0")
    #expect(refusal("", ["y"]) == "error: t.csv: expected a header line, received an empty file")
    let rows = (0..<20).map { "\($0),k,\($0 % 2)" }.joined(separator: "\n")
    #expect(
      refusal("id,c,y\n" + rows, ["y"])
        == "error: t.csv: expected a column that can be an input, received none: 'id': a running "
        + "number, like an id; 'c': every row has k")
  }

  @Test("without a target, lists the columns and suggests one")
  func question() throws {
    let rows = (0..<20).map { "\($0),2024-01-\(10 + $0),\($0 % 2 == 0 ? "a" : "b"),\($0 * $0)" }
    let outcome = try outcome("id,day,kind of,size\n" + rows.joined(separator: "\n"), [])
    guard case .question(let lines) = outcome else {
      Issue.record("a proposal without a target")
      return
    }
    #expect(
      lines.map { $0.replacing("\(folder.path)/", with: "") } == [
        "error: t.csv: --target is missing: expected the column that the model predicts; the "
          + "columns are",
        "  id       not a target: a running number, like an id",
        "  day      date: 2024-01-10 to 2024-01-29; not a target",
        "  kind of  category: 2 categories: a 10, b 10", "  size     number: 0 to 361",
        "for example: dlrun init t.csv --target size",
      ])
  }
}
