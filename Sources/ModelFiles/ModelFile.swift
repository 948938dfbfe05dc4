package import DataSources
package import Fields
package import YAML

/// A model file, read and checked field by field: what `dlrun` trains.
///
///     text → Node → (overrides, variables, blocks) → ModelFile → Graph → Plan
///
/// ``Graph`` checks whether the layers fit together.
package struct ModelFile: Sendable {
  package let name: String
  package let seed: Int
  /// The stated prediction blob. Nil when the losses determine it.
  package var output: StatedOutput?
  package var data: DataParts
  package var network: [LayerDeclaration]
  package var solver: SolverDeclaration
  package let expectations: [Expectation]
  /// The reason why `dlrun verify` and `dlrun record` skip the model. Nil when they train it.
  package let verificationSkip: String?
  /// The fields for verification, as the file states them.
  private let verificationFields: [Node.Pair]
  /// The variables as the file and the command line state them.
  package let variables: Node?
  /// The stated folders in which the data's relative paths may begin, see ``directory``.
  package let folders: [String]?
  /// The folder in which relative paths begin: the file's folder, or the first of ``folders`` that
  /// contains the data.
  package let directory: String

  /// The fields of the document itself.
  private struct Header: FieldOwner {
    var name: String?
    var seed = 1
    var output: String?
    var isVerified: Bool?
    var verifyReason: String?
    var folders: [String]?

    init() {}

    static let fields: [Field<Header>] = [
      .optional(
        "name", \.name, .given(runName), role: .presentation,
        "Name of the model, and of the folder of its runs. Default: the file's name."),
      .optional("seed", \.seed, .atLeast(0), "Seed of all random numbers."),
      .optional(
        "output", \.output, .given(LayerHeader.layerName),
        "Blob of the predictions. Default: the blob that the losses read."),
      .optional(
        "verify", \.isVerified, role: .presentation,
        "Whether 'dlrun verify' and 'dlrun record' train the model. false needs 'verify_reason'. "
          + "Default: true."),
      .optional(
        "verify_reason", \.verifyReason, .given(reason), role: .presentation,
        "Reason why the model is not verified, such as data that do not ship, or a long training."),
      .optional(
        "folder", \.folders, folderList, role: .path,
        "Folder in which relative paths of the data begin. From a list, dlrun takes the first "
          + "folder that contains all files. Default: the folder of the model file."),
    ]

    /// Reports `verify: false` without a reason, and a reason without `verify: false`.
    func checkVerification(in document: Node, _ diagnostics: inout Diagnostics) {
      if isVerified == false, verifyReason == nil, let node = document["verify"] {
        diagnostics.error(
          "verify: false needs a 'verify_reason', which says why the model is not verified",
          at: node.mark)
      } else if isVerified == nil, verifyReason != nil, let node = document["verify_reason"] {
        diagnostics.error("verify_reason: expected 'verify: false' with it", at: node.mark)
      }
    }

    private static let reason = Constraint<String>("a text of 1 to 1000 printable characters") {
      (1...1000).contains($0.count) && $0.escapingControls == $0
    }

    private static let folderList = Constraint<[String]?>(
      "a folder's path, relative to the model file, or a list of 1 to 10"
    ) { folders in
      guard let folders else { return true }
      return (1...10).contains(folders.count) && folders.allSatisfy(Constraint<String>.path.allows)
    }

    private static let runName = Constraint<String>(RunName.expectation) { RunName.isValid($0) }
  }

  /// The fields of the document outside its sections.
  package static var fieldDescriptions: [FieldDescription] { Header.fieldDescriptions }

  /// The maximum number of layers of a network.
  package static let layerLimit = 10_000

  private static let sections = ["variables", "blocks", "data", "network", "solver", "expect"]

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - path: the path of the file. It gives the default name, and the folder where relative
  ///     paths begin.
  ///   - overrides: changes that apply in order, before variables are replaced and blocks
  ///     expanded.
  /// - Throws: all mistakes in the document.
  package static func read(
    _ document: Node, path: String, overrides: [Override] = []
  ) throws(Diagnostics) -> ModelFile {
    let draft = draft(document, path: path, overrides: overrides)
    guard let file = draft.file, !draft.diagnostics.hasErrors else { throw draft.diagnostics }
    return file
  }

  /// The parts of a model file that could be read, even if the file contains mistakes. Later checks
  /// use them.
  package struct Draft: Sendable {
    /// All mistakes that were found.
    package let diagnostics: Diagnostics
    /// The file. Nil when it has no list of layers, or layers are missing from it.
    ///
    /// Wrong layers have a flaw. A wrong data or solver section is replaced by its defaults.
    package var file: ModelFile?
    package let isDataSound: Bool
    package let isSolverSound: Bool

    init(diagnostics: Diagnostics, file: ModelFile?, isDataSound: Bool, isSolverSound: Bool) {
      self.diagnostics = diagnostics
      self.file = file
      self.isDataSound = isDataSound
      self.isSolverSound = isSolverSound
    }

    /// Makes the draft of a file without mistakes.
    package init(sound file: ModelFile) {
      self.init(diagnostics: Diagnostics(), file: file, isDataSound: true, isSolverSound: true)
    }
  }

  /// Reads as much of a document as possible.
  ///
  /// - Parameters: see ``read(_:path:overrides:)``.
  package static func draft(
    _ document: Node, path: String, overrides: [Override] = []
  ) -> Draft {
    var diagnostics = Diagnostics()
    var document = document
    for override in overrides { document = override.apply(to: document, &diagnostics) }
    let resolved = ResolvedDocument(document, &diagnostics)
    // A mistake that follows from a failed replacement is not reported again.
    var mistakes = Diagnostics()
    let draft = decode(resolved.document, path: path, &mistakes)
    for layer in resolved.absentLayers {
      _ = LayerDeclaration.decode(layer, after: nil, &mistakes)
    }
    diagnostics.mergeNewPlaces(of: mistakes, except: resolved.brokenPlaces)
    return Draft(
      diagnostics: diagnostics, file: resolved.lacksLayers ? nil : draft?.file,
      isDataSound: draft?.isDataSound ?? false, isSolverSound: draft?.isSolverSound ?? false)
  }

  private static func decode(
    _ document: Node, path: String, _ diagnostics: inout Diagnostics
  ) -> (file: ModelFile?, isDataSound: Bool, isSolverSound: Bool)? {
    guard var reader = FieldReader(document, of: "model file", &diagnostics) else { return nil }
    var header = Header()
    reader.allow(sections)
    reader.read(into: &header, &diagnostics)
    reader.finish(&diagnostics)
    if reader.isValid { header.checkVerification(in: document, &diagnostics) }
    let data = section("data", of: document, &diagnostics).flatMap {
      known(DataParts.decode($0, &diagnostics), in: $0)
    }
    let wrongData = DataParts(wrong: stated("data", in: document))
    let solver = section("solver", of: document, &diagnostics).flatMap {
      known(SolverDeclaration.decode($0, &diagnostics), in: $0)
    }
    let network = section("network", of: document, &diagnostics).flatMap {
      layers($0, targets: (data ?? wrongData).topNames.targets, &diagnostics)
    }
    let expectations = stated("expect", in: document).map { Expectation.decode($0, &diagnostics) }
    let own = directory(of: path)
    let directory = header.folders.map { folders in
      (data?.directory ?? { $0[0] })(folders.map { $0.hasPrefix("/") ? $0 : "\(own)/\($0)" })
    }
    let file = network.map {
      ModelFile(
        name: header.name.map(RunName.normalized) ?? RunName.name(ofFile: path), seed: header.seed,
        output: header.output.map {
          StatedOutput(name: $0, mark: (document["output"] ?? document).mark)
        },
        data: data ?? wrongData, network: $0,
        solver: solver ?? SolverDeclaration(), expectations: expectations ?? [],
        verificationSkip: header.isVerified == false ? header.verifyReason : nil,
        verificationFields: header.encodedFields.filter {
          $0.key.scalar?.text.hasPrefix("verify") ?? false
        },
        variables: stated("variables", in: document), folders: header.folders,
        directory: directory ?? own)
    }
    return (file, data != nil, solver != nil)
  }

  /// Returns the value read from a section. Nil when a text in it could not be replaced, which has
  /// been reported.
  private static func known<Value>(_ value: Value?, in section: Node) -> Value? {
    section.isKnown ? value : nil
  }

  private static func section(
    _ name: String, of document: Node, _ diagnostics: inout Diagnostics
  ) -> Node? {
    if let node = stated(name, in: document) { return node }
    // Caffe's solver files state the solver's fields at the top level.
    let isAbove = name == "solver" && document[name] == nil && document["base_lr"] != nil
    diagnostics.error(
      "model file: '\(name)' is missing" + (isAbove ? ": indent 'base_lr' below it" : ""),
      at: document[name]?.mark ?? document.mark)
    return nil
  }

  /// Returns the node of a section with content.
  private static func stated(_ name: String, in document: Node) -> Node? {
    document[name].flatMap { $0.isNull ? nil : $0 }
  }

  private static func layers(
    _ node: Node, targets: [String], _ diagnostics: inout Diagnostics
  ) -> [LayerDeclaration]? {
    guard let items = node.items, !items.isEmpty, items.count <= layerLimit else {
      diagnostics.error(
        "network: expected a list of 1 to \(layerLimit) layers, received \(node.received)",
        at: node.mark)
      return nil
    }
    var layers: [LayerDeclaration] = []
    var last: DefaultBlob? = DefaultBlob.first
    for item in items {
      guard let layer = LayerDeclaration.decode(item, after: last, &diagnostics) else { continue }
      layers.append(layer)
      if layer.flaw == .type || layer.flaw == .header {
        // The layer may be a loss, or make an unknown blob.
        last = nil
      } else {
        last = layer.defaultBlob(after: last)
      }
    }
    reportRepetitions(items, &diagnostics)
    let reports = Wiring.unreadReports(of: layers, targets: targets)
    for index in layers.indices { layers[index].isUnreadReport = reports.contains(index) }
    return layers.count == items.count ? layers : nil
  }

  /// Reports every layer with the name of an earlier layer, even if either has other mistakes.
  private static func reportRepetitions(_ layers: [Node], _ diagnostics: inout Diagnostics) {
    var first: [String: Mark] = [:]
    for layer in layers {
      guard let node = layer["name"], node.isKnown, let name = node.scalar?.text else { continue }
      guard let earlier = first[name] else {
        first[name] = layer.mark
        continue
      }
      diagnostics.error(
        "duplicate layer name '\(name.quotable)'", at: layer.mark,
        notes: [Diagnostic.Note("the first is here", at: earlier)])
    }
  }

  /// Returns the resolved document: overrides and variables applied, defaults filled in.
  ///
  /// - Parameters:
  ///   - data: the data section with the facts found while reading the data. Nil for the file's
  ///     section.
  ///   - folders: the folders in which the data's relative paths may begin. Nil for the file's
  ///     folders.
  package func resolved(data: DataParts? = nil, folders: [String]? = nil) -> Node {
    var pairs: [(String, Node)] = [("name", .text(name)), ("seed", .plain(String(seed)))]
    if let output { pairs.append(("output", .text(output.name))) }
    pairs += verificationFields.map { ($0.key.scalar?.text ?? "", $0.value) }
    if let folders = folders ?? self.folders, !folders.isEmpty {
      pairs.append(("folder", folders.encoded))
    }
    if let variables { pairs.append(("variables", variables)) }
    pairs.append(("data", (data ?? self.data).encoded))
    pairs.append(("network", .sequence(network.map(\.encoded))))
    pairs.append(("solver", solver.encoded))
    if !expectations.isEmpty { pairs.append(("expect", Expectation.encode(expectations))) }
    return Node.mapping(pairs).escapingVariables
  }

  private static func directory(of path: String) -> String {
    // Searches bytes, because a combining character after the slash would merge with it.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension Diagnostics {
  /// Adds the diagnostics of `other` about known values, except at places that already have an
  /// error.
  ///
  /// - Parameter spoilt: places where a mistake follows from another mistake.
  package mutating func mergeNewPlaces(of other: Diagnostics, except spoilt: Set<String> = []) {
    let places = spoilt.union(all.filter { $0.severity == .error }.map(\.mark.description))
    // Errors that were only counted have no place to compare.
    let omitted = hasErrors ? 0 : other.errorCount - other.all.count { $0.severity == .error }
    for diagnostic in other.all
    where !diagnostic.mark.isUnknown && !places.contains(diagnostic.mark.description) {
      report(diagnostic)
    }
    omitErrors(omitted)
  }

  /// Adds the diagnostics of `other` about known values.
  package mutating func mergeKnownPlaces(of other: Diagnostics) {
    let kept = other.all.count { $0.severity == .error }
    for diagnostic in other.all where !diagnostic.mark.isUnknown { report(diagnostic) }
    omitErrors(other.errorCount - kept)
  }
}
