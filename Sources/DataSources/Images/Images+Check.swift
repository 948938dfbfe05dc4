package import YAML

extension Images {
  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if folder == nil, list == nil, table == nil {
      diagnostics.error("expected folder, list or table, received none", at: node.mark)
    }
    let columns = [("path", path != nil), ("target", target != nil)]
    guard table != nil else {
      for (field, isStated) in columns + [("task", task != nil)] where isStated {
        refuse(field, "since no table is stated", at: node, &diagnostics)
      }
      return
    }
    for (field, isStated) in columns where !isStated {
      diagnostics.error(
        "'\(field)' is missing: expected the column of the table with the \(field) of each image",
        at: node.mark)
    }
    for (field, isStated) in [("list", list != nil), ("masks", masks != nil)] where isStated {
      refuse(field, "since a table states the images and their targets", at: node, &diagnostics)
    }
    if let path, path == target {
      diagnostics.error(
        "target: expected another column than path, received '\(path.quotable)'",
        at: (node["target"] ?? node).mark)
    }
    if task == .multiLabel {
      diagnostics.error(
        "task: expected classification or regression, received multi_label",
        at: (node["task"] ?? node).mark)
    } else if task == .regression, declaration.classes != nil {
      refuse("classes", "since the task is regression", at: node, &diagnostics)
    }
  }

  private func refuse(
    _ field: String, _ reason: String, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.error("\(field): expected none, \(reason)", at: (node[field] ?? node).mark)
  }
}
