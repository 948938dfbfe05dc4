internal import YAML

extension String {
  /// The text as a scalar of a model file, also within braces. It has quotes where YAML or the
  /// model language would read another value.
  var modelWord: String {
    let letters = unicodeScalars
    let isSimple =
      letters.first.map { $0.properties.isAlphabetic || $0 == "_" } ?? false
      && letters.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./".unicodeScalars.contains($0)
      }
    if isSimple, Scalar(text: self, style: .plain).resolved == .text(self) { return self }
    var text = "\""
    for scalar in letters {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.isUnprintable || scalar.value >= 0xFEFF:
        text += "\\U" + scalar.value.digits(8, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    // A dollar sign before a brace would begin a variable.
    return text.replacing("${", with: "$${").replacing("$(", with: "$$(") + "\""
  }
}

extension Double {
  /// The number in a comment, without a fraction for integers.
  var commentText: String {
    guard let integer = Int(exactly: self) else { return description }
    return integer.magnitude < 10_000 ? String(integer) : integer.grouped
  }
}

/// The lines of a proposed model file.
struct ProposalLines {
  private(set) var text = ""

  /// The greatest number of columns of a line with a comment.
  private static let width = 100

  /// Adds the comment at the start of a proposal, the name and the seed.
  ///
  /// - Parameters:
  ///   - subject: the data and the task: "t.csv: classification by 'y'".
  ///   - modelPath: the path of the model file, or '-' for standard output.
  ///   - input: an example of an input of `dlrun predict`.
  mutating func addHead(_ subject: String, name: String, modelPath: String, input: String) {
    addComment(
      "A proposal of dlrun init for \(subject). Every guess is a line below: change what is wrong.")
    add("#")
    add("#     dlrun \(modelPath == "-" ? "FILE" : modelPath.escapingControls)")
    add("#     dlrun predict runs/\(name) --input \(input) --output predictions.csv")
    add("name: \(name)")
    add("seed: 1")
    add()
  }

  mutating func add(_ line: String = "") { text += line + "\n" }

  /// Adds a line with a comment: behind it if there is room, otherwise above it.
  mutating func add(_ line: String, comment: String) {
    guard !comment.isEmpty else { return add(line) }
    let indent = String(line.prefix { $0 == " " })
    if line.count + comment.count + 6 <= ProposalLines.width {
      add(line + "    # " + comment)
    } else {
      addComment(comment, indent: indent)
      add(line)
    }
  }

  /// Adds a comment in lines of limited width.
  mutating func addComment(_ comment: String, indent: String = "") {
    var line = indent + "#"
    for word in comment.split(separator: " ") {
      if line.count + word.count + 1 > ProposalLines.width, line.count > indent.count + 1 {
        add(line)
        line = indent + "#"
      }
      line += " " + word
    }
    add(line)
  }
}
