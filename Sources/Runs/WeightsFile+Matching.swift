internal import Files
internal import Layers
internal import Networks
internal import Tensors
internal import Training
internal import YAML

extension WeightsFile {
  /// Reads the tensors of a file that match the name and shape of a parameter.
  ///
  /// The file contains trained weights or is a checkpoint.
  ///
  /// - Parameter limit: The most bytes that the file may have.
  /// - Throws: ``RunFailure`` if the file is of another kind, or too long.
  static func read(
    _ path: String, for store: ParameterStore, upTo limit: Int
  ) throws(RunFailure) -> Safetensors {
    var shapes: [String: [Shape]] = [:]
    for parameter in store.parameters {
      for name in [parameter.name, Checkpoint.tensorName(ofParameter: parameter.name)] {
        shapes[name, default: []].append(parameter.declaration.shape)
      }
    }
    return try Safetensors(
      path: path, upTo: limit,
      headerLimit: Safetensors.headerLimit(parameters: store.parameters.count),
      reading: { shapes[$0]?.contains($1) ?? false })
  }

  /// The result of matching the tensors of a file with the parameters of a model, by name.
  struct Match {
    /// The tensors that match a parameter, with the parameter's index and name.
    let matched: [(parameter: Int, name: String, tensor: Safetensors.Tensor)]
    /// The parameters that are missing from the file.
    let missing: [String]
    /// The tensors that belong to no parameter.
    let extra: [String]
    /// The tensors of another shape, such as `'ip2.weight' of 3x100, expected 10x100`.
    let reshaped: [String]
    /// The tensors with a value that is not finite.
    let broken: [String]

    /// - Parameter file: The trained weights or a checkpoint, read for this store. Only the current
    ///   parameters of a checkpoint are matched.
    init(_ file: Safetensors, _ store: ParameterStore) {
      let isCheckpoint = Checkpoint.isCheckpoint(file)
      var tensors: [String: Safetensors.Tensor] = [:]
      func parameter(_ tensor: String) -> String? {
        isCheckpoint ? Checkpoint.parameterName(tensor) : tensor
      }
      for tensor in file.tensors {
        if let name = parameter(tensor.name) { tensors[name] = tensor }
      }
      let shapes = Dictionary(
        file.unread.compactMap { tensor in parameter(tensor.name).map { ($0, tensor.shape) } },
        uniquingKeysWith: { first, _ in first })
      let known = Set(store.parameters.map(\.name))
      let shapesByName = file.tensors.map { ($0.name, $0.shape) } + file.unread
      extra = shapesByName.compactMap { name, shape in
        guard let name = parameter(name), !known.contains(name), !WeightsFile.isStatistic(name),
          !WeightsFile.isBatchCount(name, shape, of: store)
        else { return nil }
        return name
      }
      var matched: [(parameter: Int, name: String, tensor: Safetensors.Tensor)] = []
      var (missing, reshaped, broken): ([String], [String], [String]) = ([], [], [])
      for (index, parameter) in WeightsFile.savedParameters(of: store) {
        let (name, expected) = (parameter.name, parameter.declaration.shape)
        if let tensor = tensors[name], tensor.shape == expected {
          if tensor.values.allSatisfy(\.isFinite) {
            matched.append((index, name, tensor))
          } else {
            broken.append(name)
          }
        } else if let shape = tensors[name]?.shape ?? shapes[name] {
          reshaped.append(
            "'\(name.quotable)' of \(shape.description), expected \(expected.description)")
        } else {
          missing.append(name)
        }
      }
      self.matched = matched
      (self.missing, self.reshaped, self.broken) = (missing, reshaped, broken)
    }

    /// Describes the tensors of another type than float32, such as `3 tensors of F64 (2 rounded)`.
    ///
    /// Nil when every tensor is float32.
    var conversions: String? {
      let others = matched.map(\.tensor).filter { $0.storedType != "F32" }
      guard !others.isEmpty else { return nil }
      let types = SafetensorsElement.allCases.compactMap { type -> String? in
        let tensors = others.filter { $0.storedType == type.rawValue }
        guard !tensors.isEmpty else { return nil }
        let rounded = tensors.count { !$0.isExact }
        return "\(tensors.count) tensor\(tensors.count == 1 ? "" : "s") of \(type.rawValue)"
          + (rounded > 0 ? " (\(rounded) rounded)" : "")
      }
      return "\(types.joined(separator: " and ")) converted to float32"
    }

    /// Whether every parameter has a tensor and every tensor has a parameter.
    var isWhole: Bool { missing.isEmpty && extra.isEmpty && reshaped.isEmpty && broken.isEmpty }

    /// Returns text such as `10 of 12 parameters: 'ip1.weight', …; missing: 'ip3.weight', …; extra:
    /// …`.
    ///
    /// - Parameter limit: The most names in a list.
    func summary(limit: Int = .max) -> String {
      let count = matched.count + missing.count + reshaped.count + broken.count
      func quoted(_ names: [String]) -> [String] { names.map { "'\($0.quotable)'" } }
      let parts = [
        ("\(matched.count) of \(count) parameters", isWhole ? [] : quoted(matched.map(\.name))),
        ("missing", quoted(missing)), ("extra", quoted(extra)), ("of another shape", reshaped),
        ("not finite", quoted(broken)),
      ]
      return parts.enumerated().filter { $0.offset == 0 || !$0.element.1.isEmpty }.map { _, part in
        let shown = part.1.prefix(limit) + (part.1.count > limit ? ["…"] : [])
        return part.0 + (shown.isEmpty ? "" : ": ") + shown.joined(separator: ", ")
      }.joined(separator: "; ")
    }
  }

  /// Sets the parameters of a store from the tensors of a file.
  ///
  /// - Parameters:
  ///   - allowsMissing: Whether a partial match suffices. Parameters that are missing from the file
  ///     keep their initial values.
  ///   - name: The name of the file in failures.
  /// - Returns: A description of what matched and what did not.
  /// - Throws: ``RunFailure/refusedInput(_:)`` with that description. The store is then unchanged.
  ///   A file without any match, or with a value that is not finite, is always refused.
  static func begin(
    _ store: ParameterStore, with file: Safetensors, allowsMissing: Bool, name: String
  ) throws(RunFailure) -> String {
    let match = Match(file, store)
    let isUsable = !match.matched.isEmpty && match.broken.isEmpty
    guard match.isWhole || allowsMissing && isUsable else {
      let hint = isUsable ? " (--allow-missing loads the parameters that match)" : ""
      let summary = match.summary(limit: 10)
      throw .refusedInput("\(name.quotable) does not fit the model: \(summary)\(hint)")
    }
    for (parameter, _, tensor) in match.matched { store.set(parameter, rowMajor: tensor.values) }
    let conversions = match.conversions.map { "; \($0)" } ?? ""
    return "\(name): \(match.summary())\(conversions)"
  }
}
