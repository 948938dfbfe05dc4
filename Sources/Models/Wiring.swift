internal import DataSources
internal import Layers
internal import YAML

/// Which layer makes what each bottom names, and an order in which all can be computed.
///
/// Layers may be listed in any order. A top that repeats a bottom's name of its layer (Caffe's
/// computation in place) is a new blob of that name for the layers listed below; so a bottom means
/// the last such top above its layer, and where there is none, the one layer that makes the name
/// from others, wherever that is listed.
struct Wiring {
  /// What makes a bottom.
  enum Origin: Equatable {
    /// The data: a blob, by number.
    case data(Int)
    /// A top of a layer, both by their places in the lists.
    case layer(Int, top: Int)
  }

  struct Layer {
    let declaration: LayerDeclaration
    let bottoms: [String]
    let tops: [String]
    /// One a bottom; nil for one that nothing makes, which was reported.
    fileprivate(set) var origins: [Origin?] = []
  }

  /// The layers of the phase, in the order of the file.
  private(set) var layers: [Layer]
  /// Their places in the order of computation: that of the file as far as each layer comes after
  /// those that it reads. Layers in a cycle, which was reported, are left out.
  private(set) var order: [Int] = []

  private let model: ModelFile
  private let phase: DataPhase

  /// - Parameter data: the names of the blobs that the data fill, by number.
  init(_ model: ModelFile, _ phase: DataPhase, data: [String], _ diagnostics: inout Diagnostics) {
    self.model = model
    self.phase = phase
    layers = Wiring.named(
      model.network.filter { $0.header.phase == nil || $0.header.phase == phase })
    let makers = makers(data: data, &diagnostics)
    for place in layers.indices {
      layers[place].origins = layers[place].bottoms.map { makers[$0]?.origin(for: place) }
    }
    reportUnknown(&diagnostics)
    sort(&diagnostics)
  }

  /// Gives every layer its bottoms and tops, by the defaults where the file states none.
  static func named(_ declarations: [LayerDeclaration]) -> [Layer] {
    var last = "data"
    return declarations.map { declaration in
      let isScoring = declaration.layer.kind.scoring != nil
      let tops = declaration.tops
      let byDefault = isScoring ? [last, "label"] : [last]
      let bottoms =
        declaration.header.bottoms ?? (declaration.layer.inputCount == 0...0 ? [] : byDefault)
      if !declaration.isLeaf { last = tops.last ?? last }
      return Layer(declaration: declaration, bottoms: bottoms, tops: tops)
    }
  }

  // MARK: Names

  /// All that a name means.
  private struct Makers {
    /// What makes the name from others.
    var first: Origin?
    /// The layers that compute in place, in the order of the file.
    var inPlace: [(layer: Int, top: Int)] = []

    /// What the name means to the layer at `place`.
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
          // Of two layers with one name that was said already.
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
    var maker = ", by the data"
    if case .layer(let place, _) = first {
      let declaration = layers[place].declaration
      maker = ""
      notes = [
        Diagnostic.Note(
          "made here by '\(declaration.name.quotable)'", at: declaration.node.mark)
      ]
    }
    diagnostics.error(
      "\(layer.subject): top '\(top.quotable)' is made already\(maker)",
      at: layer.node["top"]?.mark ?? layer.node.mark, notes: notes)
  }

  private func reportUnknown(_ diagnostics: inout Diagnostics) {
    // Where the names of a layer could not be read, any may be one of them.
    guard !model.network.contains(where: { $0.flaw == .header }) else { return }
    let inPlace = Set(layers.flatMap { layer in layer.tops.filter(layer.bottoms.contains) })
    let others = model.network.filter { $0.header.phase != phase }
    let phases = Dictionary(
      others.flatMap { layer in layer.tops.map { ($0, layer.header.phase) } },
      uniquingKeysWith: { first, _ in first })
    let known = ["data", "label"] + layers.flatMap(\.tops)
    for layer in layers where layer.origins.contains(nil) {
      for (index, bottom) in layer.bottoms.enumerated() where layer.origins[index] == nil {
        guard !diagnostics.isFull else {
          diagnostics.omitErrors(1)
          continue
        }
        let elsewhere = phases[bottom] ?? nil
        if elsewhere == nil, inPlace.contains(bottom) {
          // The other readers of such a blob have nothing wrong of their own.
          if layer.tops.contains(bottom) {
            reportOwn(layer.declaration, index, bottom, &diagnostics)
          }
          continue
        }
        let maker = elsewhere.map { "in the \($0.rawValue) phase only" } ?? "by no layer"
        diagnostics.error(
          "\(layer.declaration.subject): bottom '\(bottom.quotable)' is made \(maker)",
          at: layer.declaration.mark(ofBottom: index),
          suggestion: elsewhere == nil
            ? known.lazy.filter { $0 != bottom }.nearest(to: bottom) : nil)
      }
    }
  }

  /// A layer that computes in place what nothing made before reads what it makes itself.
  private func reportOwn(
    _ layer: LayerDeclaration, _ index: Int, _ bottom: String, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.error(
      "\(layer.subject): reads '\(bottom.quotable)', which it makes itself, and which no layer "
        + "before it makes: a network has no cycles", at: layer.mark(ofBottom: index))
  }

  /// Something is minimised in the train phase.
  func checkLoss(_ diagnostics: inout Diagnostics) {
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
    // From the last to the first, so that the first is taken from the end.
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
        "the layers \(names.joined(separator: ", ")) wait for each other: a network has no cycles",
        at: layers[cycle.min() ?? 0].declaration.node.mark)
      // What reads of a cycle is passed over, and the rest is still judged.
      for place in cycle { isDone[place] = true }
      for place in cycle { finish(place) }
    }
  }

  /// Layers of which each reads the next, and the last the first, among those that are not done.
  private func cycle(_ isDone: [Bool]) -> [Int]? {
    guard var place = isDone.firstIndex(of: false) else { return nil }
    var path: [Int] = []
    var position = [Int?](repeating: nil, count: layers.count)
    while position[place] == nil {
      position[place] = path.count
      path.append(place)
      // Whoever waits, waits for somebody who waits.
      guard let next = layers[place].makers.first(where: { !isDone[$0] }) else { return nil }
      place = next
    }
    return position[place].map { Array(path[$0...]) }
  }
}

extension Wiring.Layer {
  /// The layers that make the bottoms, one a bottom.
  fileprivate var makers: [Int] {
    origins.compactMap {
      guard case .layer(let place, _) = $0 else { return nil }
      return place
    }
  }
}
