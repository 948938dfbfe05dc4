internal import DataFiles
internal import DataSources
internal import Fields
internal import Files
internal import ModelFiles
internal import YAML

/// The differences between two resolved model files that matter when a training resumes.
///
/// Some fields may change: the lengths of the training and its schedule, the intervals of tests,
/// display and checkpoints, and the expectations. The name and `folder` may change because they
/// affect no number. `variables` may change because their values appear where they are used.
struct ModelDifferences {
  /// The forbidden differences, such as `solver.base_lr: 0.1, now 0.2`, in the order of the file.
  private(set) var lines: [String] = []
  /// The places whose data paths differ. The examples show whether the data are the same.
  private(set) var paths: [String] = []
  /// The places of data paths, such as `data.train.file`.
  private var pathPlaces: Set<String> = []

  /// The paths in the document that may change.
  private static let free: Set<String> = {
    let document = ModelFile.fieldDescriptions.filter { $0.role != .number }
    let solver = SolverDeclaration.fieldDescriptions.filter { $0.role != .number }
    return Set(
      ["variables", "expect"] + document.map(\.name) + solver.map { "solver.\($0.name)" })
  }()

  init(from before: Node, to now: Node) {
    for part in DataPhase.allCases.map(\.rawValue) {
      guard let source = now["data"]?[part]?["source"]?.scalar?.text,
        let entry = DataSourceCatalog.all.entry(named: source)
      else { continue }
      for field in entry.fields where field.role == .path {
        pathPlaces.insert("data.\(part).\(field.name)")
      }
    }
    compare(before, now, at: "")
  }

  private mutating func compare(_ before: Node?, _ now: Node?, at path: String) {
    guard !ModelDifferences.free.contains(path) else { return }
    let (old, new) = (parts(before), parts(now))
    guard let old, let new else {
      let texts = (text(before), text(now))
      guard texts.0 != texts.1 else { return }
      let line = "\(path.quotable): \(texts.0), now \(texts.1)"
      if pathPlaces.contains(path) { paths.append(line) } else { lines.append(line) }
      return
    }
    // A layer without `bottom` reads the layer before it.
    let oldNodes = Dictionary(
      old.map { ($0.name, $0.node) }, uniquingKeysWith: { first, _ in first })
    let newNodes = Dictionary(
      new.map { ($0.name, $0.node) }, uniquingKeysWith: { first, _ in first })
    let (oldOrder, newOrder) = (
      old.map(\.name).filter { newNodes[$0] != nil },
      new.map(\.name).filter { oldNodes[$0] != nil }
    )
    if isSequence(before), oldOrder != newOrder {
      lines.append(
        "order of \(path.quotable): \(oldOrder.joined(separator: ", ").quotable), now "
          + newOrder.joined(separator: ", ").quotable)
    }
    let names = old.map(\.name) + new.map(\.name).filter { oldNodes[$0] == nil }
    for name in names {
      compare(oldNodes[name], newNodes[name], at: path.isEmpty ? name : "\(path).\(name)")
    }
  }

  private func isSequence(_ node: Node?) -> Bool {
    if case .sequence = node?.value { true } else { false }
  }

  private func text(_ node: Node?) -> String {
    guard let text = node?.json else { return "nothing" }
    return text.split(separator: "\n").joined(separator: " ").quotable
  }

  /// Returns the parts of a mapping by key, of a list of layers by name, and of another list by
  /// number.
  private func parts(_ node: Node?) -> [(name: String, node: Node)]? {
    switch node?.value {
    case .mapping(let pairs): pairs.map { ($0.key.scalar?.text ?? "", $0.value) }
    case .sequence(let items):
      items.enumerated().map { ($1["name"]?.scalar?.text ?? "\($0)", $1) }
    default: nil
    }
  }
}
