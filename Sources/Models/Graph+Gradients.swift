internal import Layers
internal import YAML

extension Graph {
  /// The blobs that depend on a trainable parameter.
  package var blobsThatNeedGradients: Set<Int> {
    var needed: Set<Int> = []
    for node in nodes {
      let isTrainable = node.parameters.contains { parameters[$0].isTrainable }
      if isTrainable || node.bottoms.contains(where: needed.contains) {
        needed.formUnion(node.tops)
      }
    }
    return needed
  }

  /// The layers through which a loss depends on a trainable parameter, in order.
  var nodesThatLossesReach: [Int] {
    let needed = blobsThatNeedGradients
    var read: Set<Int> = []
    var reached: [Int] = []
    for index in nodes.indices.reversed() {
      let node = nodes[index]
      guard node.declaration.isMinimised || node.tops.contains(where: read.contains)
      else { continue }
      guard node.tops.contains(where: needed.contains) else { continue }
      read.formUnion(node.bottoms)
      reached.append(index)
    }
    return reached.reversed()
  }

  /// Whether training can change anything, and has every gradient that it needs; reports why not.
  func isTrainable(_ model: ModelFile, _ diagnostics: inout Diagnostics) -> Bool {
    let needed = blobsThatNeedGradients
    var isFine = true
    for node in nodes where node.layer is any Loss && node.layer is any ClassScoring {
      guard node.bottoms.count > 1, case let labels = node.bottoms[1], needed.contains(labels)
      else { continue }
      diagnostics.error(
        "\(node.declaration.subject): the labels '\(blobs[labels].name.quotable)' depend on "
          + "'\(trainedParameter(behind: labels)?.quotable ?? "")', which is trained; labels have "
          + "no gradient", at: node.declaration.mark(ofBottom: 1))
      isFine = false
    }
    if isFine, nodesThatLossesReach.isEmpty {
      diagnostics.error(
        "network: nothing to train: no loss depends on a parameter whose lr_mult is above 0",
        at: model.network[0].node.mark)
      isFine = false
    }
    return isFine
  }

  /// The name of a trainable parameter that the blob depends on.
  private func trainedParameter(behind blob: Int) -> String? {
    let needed = blobsThatNeedGradients
    var next: Int? = blob
    while let index = next, let producer = blobs[index].producer {
      let node = nodes[producer]
      if let number = node.parameters.first(where: { parameters[$0].isTrainable }) {
        return parameters[number].name
      }
      next = node.bottoms.first { needed.contains($0) }
    }
    return nil
  }
}
