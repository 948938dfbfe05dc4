package import DataFiles
package import DataSources
internal import Layers
package import YAML

/// Finds the layer that makes each bottom, and an order in which all layers can be computed.
///
/// The file may list layers in any order. A layer computes in place, as in Caffe, if a top has the
/// name of one of its bottoms. Such a top is a new blob with the same name for the layers listed
/// below. Therefore a bottom refers to the last such top above its layer. If there is none, it
/// refers to the only layer that makes the name from other blobs. That layer may be at any place in
/// the list.
package struct Wiring {
  /// The source of a bottom.
  package enum Origin: Equatable {
    /// A blob of the data, by number.
    case data(Int)
    /// A top of a layer: the layer's index in the list, and the top's index in the layer.
    case layer(Int, top: Int)
  }

  package struct Layer {
    package let declaration: LayerDeclaration
    package let bottoms: [String]
    package let tops: [String]
    /// One origin for each bottom. Nil for a bottom that no layer makes, which has been reported.
    package fileprivate(set) var origins: [Origin?] = []
  }

  /// The layers of the phase, in the order of the file.
  package private(set) var layers: [Layer]
  /// The layers' indices in the order of computation.
  ///
  /// Each layer comes after the layers that it reads. Apart from that, the order of the file is
  /// kept. Layers in a cycle are left out, and have been reported.
  package private(set) var order: [Int] = []

  private let model: ModelFile
  private let phase: DataPhase
  private let data: TopNames

  /// - Parameter data: the names of the data's tensors.
  package init(
    _ model: ModelFile, _ phase: DataPhase, data: TopNames, _ diagnostics: inout Diagnostics
  ) {
    self.model = model
    self.phase = phase
    self.data = data
    layers = Wiring.named(
      model.network.filter { $0.header.phase == nil || $0.header.phase == phase }, phase)
    let makers = makers(data: data.all, &diagnostics)
    for place in layers.indices {
      layers[place].origins = layers[place].bottoms.map { makers[$0]?.origin(for: place) }
    }
    reportUnknown(&diagnostics)
    sort(&diagnostics)
  }

  /// Returns every layer of a phase with its bottoms and tops, stated or default.
  static func named(_ declarations: [LayerDeclaration], _ phase: DataPhase) -> [Layer] {
    var before: DefaultBlob? = DefaultBlob.first
    return declarations.map { declaration in
      let blob = before?.name(in: phase) ?? ""
      defer { before = declaration.defaultBlob(after: before) }
      return Layer(
        declaration: declaration,
        bottoms: declaration.header.bottoms
          ?? DefaultBlob.bottoms(of: declaration.layer, after: blob),
        tops: declaration.tops)
    }
  }

  // MARK: Names

  /// All blobs with the same name.
  private struct Makers {
    /// The origin that makes the name from other blobs.
    var first: Origin?
    /// The layers that compute the name in place, in the order of the file.
    var inPlace: [(layer: Int, top: Int)] = []

    /// Returns the origin that the name refers to in the layer at `place`.
    func origin(for place: Int) -> Origin? {
      let next = inPlace.partitioningIndex { $0.layer >= place }
      return next > 0 ? .layer(inPlace[next - 1].layer, top: inPlace[next - 1].top) : first
    }
  }

  private func makers(
    data: [String], _ diagnostics: inout Diagnostics
  ) -> [String: Makers] {
    var makers: [String: Makers] = [:]
    for (number, name) in data.enumerated() { makers[name] = Makers(first: .data(number)) }
    for (place, layer) in layers.enumerated() {
      for (index, top) in layer.tops.enumerated() {
        if layer.bottoms.contains(top) {
          makers[top, default: Makers()].inPlace.append((place, index))
        } else if let first = makers[top]?.first {
          // Two layers with the same name have already been reported.
          if case .layer(let maker, _) = first, maker != place,
            layers[maker].declaration.name == layer.declaration.name
          {
            continue
          }
          reportSecond(layer.declaration, top, first, &diagnostics)
        } else {
          makers[top, default: Makers()].first = .layer(place, top: index)
        }
      }
    }
    return makers
  }

  private func reportSecond(
    _ layer: LayerDeclaration, _ top: String, _ first: Origin, _ diagnostics: inout Diagnostics
  ) {
    var notes: [Diagnostic.Note] = []
    var maker = " by the data"
    if case .layer(let place, _) = first {
      let declaration = layers[place].declaration
      maker = ""
      notes = [
        Diagnostic.Note(
          "made here by '\(declaration.name.quotable)'", at: declaration.node.mark)
      ]
    }
    diagnostics.error(
      "\(layer.subject): top '\(top.quotable)' is already made\(maker)",
      at: layer.node["top"]?.mark ?? layer.node.mark, notes: notes)
  }

  private func reportUnknown(_ diagnostics: inout Diagnostics) {
    // A layer with an unreadable header may make any name.
    guard !model.network.contains(where: { $0.flaw == .header }) else { return }
    let inPlace = Set(layers.flatMap { layer in layer.tops.filter(layer.bottoms.contains) })
    let others = model.network.filter { $0.header.phase != phase }
    let phases = Dictionary(
      others.flatMap { layer in layer.tops.map { ($0, layer.header.phase) } },
      uniquingKeysWith: { first, _ in first })
    let known = data.all + layers.flatMap(\.tops)
    for layer in layers where layer.origins.contains(nil) {
      for (index, bottom) in layer.bottoms.enumerated() where layer.origins[index] == nil {
        guard !diagnostics.isFull else {
          diagnostics.omitErrors(1)
          continue
        }
        let elsewhere = phases[bottom] ?? nil
        if elsewhere == nil, inPlace.contains(bottom) {
          // The other readers of such a blob do not contain a mistake.
          if layer.tops.contains(bottom) {
            reportOwn(layer.declaration, index, bottom, &diagnostics)
          }
          continue
        }
        let mistake =
          elsewhere.map { "is made only in the \($0.rawValue) phase" } ?? reason(forAbsent: bottom)
        diagnostics.error(
          "\(layer.declaration.subject): bottom '\(bottom.quotable)' \(mistake)",
          at: layer.declaration.mark(ofBottom: index),
          suggestion: elsewhere == nil
            ? known.lazy.filter { $0 != bottom }.nearest(to: bottom) : nil)
      }
    }
  }

  /// Returns the reason why no layer makes a blob.
  private func reason(forAbsent bottom: String) -> String {
    if bottom == DataTop.label, data.targets.isEmpty {
      return "has no values, since the data have no targets"
    }
    guard [DataTop.data, DataTop.label].contains(bottom) else { return "is not made by any layer" }
    return "is not provided by the data, which provide \(data.all.quotedList)"
  }

  /// Reports a layer that computes a blob in place before any other layer makes it.
  private func reportOwn(
    _ layer: LayerDeclaration, _ index: Int, _ bottom: String, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.error(
      "\(layer.subject): reads its own top '\(bottom.quotable)', which no earlier layer makes: "
        + "a network has no cycles", at: layer.mark(ofBottom: index))
  }

  /// Reports a train phase that does not minimise anything.
  package func checkLoss(_ diagnostics: inout Diagnostics) {
    guard phase == .train, !layers.contains(where: { $0.declaration.mayBeMinimised }) else {
      return
    }
    diagnostics.error(
      "network: no loss in the train phase: expected a layer such as SoftmaxWithLoss or "
        + "EuclideanLoss, or a loss_weight", at: model.network[0].node.mark)
  }

  // MARK: Order

  private mutating func sort(_ diagnostics: inout Diagnostics) {
    var readers = [[Int]](repeating: [], count: layers.count)
    var waiting = [Int](repeating: 0, count: layers.count)
    for place in layers.indices {
      for maker in layers[place].makers {
        readers[maker].append(place)
        waiting[place] += 1
      }
    }
    // Sorted from last to first, because the first is taken from the end.
    var ready = layers.indices.filter { waiting[$0] == 0 }.reversed() as [Int]
    var isDone = [Bool](repeating: false, count: layers.count)
    func finish(_ place: Int) {
      isDone[place] = true
      for reader in readers[place] where !isDone[reader] {
        waiting[reader] -= 1
        guard waiting[reader] == 0 else { continue }
        let position = ready.partitioningIndex { $0 < reader }
        ready.insert(reader, at: position)
      }
    }
    while true {
      while let place = ready.popLast() {
        order.append(place)
        finish(place)
      }
      guard let cycle = cycle(isDone) else { return }
      let names = cycle.map { "'\(layers[$0].declaration.name.quotable)'" }
      diagnostics.error(
        "the layers \(names.joined(separator: ", ")) form a cycle: a network has no cycles",
        at: layers[cycle.min() ?? 0].declaration.node.mark)
      // Skips the cycle, so that the layers that read from it are still checked.
      for place in cycle { isDone[place] = true }
      for place in cycle { finish(place) }
    }
  }

  /// Returns a cycle of unfinished layers. Each layer reads the next, and the last reads the first.
  private func cycle(_ isDone: [Bool]) -> [Int]? {
    guard var place = isDone.firstIndex(of: false) else { return nil }
    var path: [Int] = []
    var position = [Int?](repeating: nil, count: layers.count)
    while position[place] == nil {
      position[place] = path.count
      path.append(place)
      // Every unfinished layer reads another unfinished one.
      guard let next = layers[place].makers.first(where: { !isDone[$0] }) else { return nil }
      place = next
    }
    return position[place].map { Array(path[$0...]) }
  }
}

extension Wiring.Layer {
  /// The layers that make the bottoms, one for each bottom that a layer makes.
  fileprivate var makers: [Int] {
    origins.compactMap {
      guard case .layer(let place, _) = $0 else { return nil }
      return place
    }
  }
}
