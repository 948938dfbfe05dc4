internal import Layers
internal import ModelFiles
internal import YAML

extension Graph {
  /// The blobs that depend on a trainable parameter through layers whose `propagate_down` lets
  /// gradients pass.
  package var blobsThatNeedGradients: Set<Int> { blobsThatNeedGradients(ofData: false) }

  /// - Parameter ofData: whether the inputs of the data, and all blobs that depend on them, also
  ///   need a gradient.
  func blobsThatNeedGradients(ofData: Bool) -> Set<Int> {
    var needed: Set<Int> = ofData ? Set(inputBlobs) : []
    for node in nodes {
      let isTrainable = node.parameters.contains { parameters[$0].isTrainable }
      if isTrainable || node.bottomsBelow.contains(where: needed.contains) {
        needed.formUnion(node.tops)
      }
    }
    return needed
  }

  /// The layers on the paths from trainable parameters to losses, in order.
  var nodesThatLossesReach: [Int] { nodesThatLossesReach(blobsThatNeedGradients) }

  /// - Parameters:
  ///   - needed: the blobs that need a gradient.
  ///   - isLoss: selects the layers that count as losses. By default these are all layers with a
  ///     minimised top.
  func nodesThatLossesReach(
    _ needed: Set<Int>, from isLoss: (LayerDeclaration) -> Bool = \.isMinimised
  ) -> [Int] {
    var read: Set<Int> = []
    var reached: [Int] = []
    for index in nodes.indices.reversed() {
      let node = nodes[index]
      guard isLoss(node.declaration) || node.tops.contains(where: read.contains)
      else { continue }
      guard node.tops.contains(where: needed.contains) else { continue }
      read.formUnion(node.bottomsBelow)
      reached.append(index)
    }
    return reached.reversed()
  }

  /// Returns whether training can change a parameter and has every gradient that it needs. Reports
  /// the reason if not.
  func isTrainable(_ model: ModelFile, _ diagnostics: inout Diagnostics) -> Bool {
    let needed = blobsThatNeedGradients
    var isFine = true
    for node in nodes {
      guard let loss = node.kind.loss else { continue }
      for (bottom, name) in loss.constantBottoms where bottom < node.bottoms.count {
        let blob = node.bottoms[bottom]
        guard needed.contains(blob), node.declaration.propagates(toBottom: bottom) else { continue }
        diagnostics.error(
          "\(node.declaration.subject): the \(name) '\(blobs[blob].name.quotable)' depend on "
            + "'\(trainedParameter(behind: blob)?.quotable ?? "")', which is trained; \(name) have "
            + "no gradient", at: node.declaration.mark(ofBottom: bottom))
        isFine = false
      }
    }
    return isFine && hasObjective(model, needed, &diagnostics)
  }

  /// Returns whether a loss with a weight other than 0 depends on a trainable parameter. Reports
  /// the reason if not.
  private func hasObjective(
    _ model: ModelFile, _ needed: Set<Int>, _ diagnostics: inout Diagnostics
  ) -> Bool {
    let weighing = nodesThatLossesReach(needed) { $0.isWeighed }
    guard weighing.isEmpty else { return true }
    let weightless = nodesThatLossesReach(needed).map { nodes[$0].declaration }
    if let loss = weightless.first(where: \.isMinimised) {
      diagnostics.error(
        "\(loss.subject): nothing to train: expected a loss_weight other than 0 in a loss that "
          + "depends on a parameter whose lr_mult is above 0, received none",
        at: (loss.node["loss_weight"] ?? loss.node).mark)
    } else {
      diagnostics.error(
        "network: nothing to train: no loss depends on a parameter whose lr_mult is above 0",
        at: model.network[0].node.mark)
    }
    return false
  }

  /// Returns the name of a trainable parameter that the blob depends on.
  private func trainedParameter(behind blob: Int) -> String? {
    let needed = blobsThatNeedGradients
    var next: Int? = blob
    while let index = next, let producer = blobs[index].producer {
      let node = nodes[producer]
      if let number = node.parameters.first(where: { parameters[$0].isTrainable }) {
        return parameters[number].name
      }
      next = node.bottomsBelow.first { needed.contains($0) }
    }
    return nil
  }
}
