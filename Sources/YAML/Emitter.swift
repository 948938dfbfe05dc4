internal import CYAML

extension Node {
  /// The node as a YAML document. It ends with a line break, and reading it gives the same values.
  ///
  /// The root and the mappings directly inside it are in block style. Therefore every section of a
  /// model file is a block of lines. Deeper collections that fit on a line of 100 columns are in
  /// flow style (`{type: xavier}`). A list of scalars is always in flow style, over several lines
  /// if necessary. A text is quoted where YAML would read it as a number, null, or a merge key.
  package var yaml: String {
    var emitter = Emitter()
    emitter.emit(self, at: 0, isSection: true)
    return emitter.finish()
  }
}

/// libyaml's emitter, which writes to memory.
///
/// libyaml keeps pointers to the emitter's struct and to the output. Both stay at fixed addresses
/// on the heap.
@safe private struct Emitter: ~Copyable {
  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let output: UnsafeMutablePointer<[UInt8]>

  private static let width = 100

  init() {
    unsafe emitter = .allocate(capacity: 1)
    unsafe output = .allocate(capacity: 1)
    unsafe output.initialize(to: [])
    precondition(unsafe yaml_emitter_initialize(emitter) == 1, "no memory for libyaml's emitter")
    unsafe yaml_emitter_set_output(
      emitter,
      { output, bytes, count in
        guard let output = unsafe output?.assumingMemoryBound(to: [UInt8].self) else { return 0 }
        unsafe output.pointee += UnsafeBufferPointer(start: bytes, count: count)
        return 1
      }, output)
    unsafe yaml_emitter_set_encoding(emitter, YAML_UTF8_ENCODING)
    unsafe yaml_emitter_set_unicode(emitter, 1)
    // libyaml breaks a line after the item that exceeds the width. The margin leaves room for one
    // number.
    unsafe yaml_emitter_set_width(emitter, CInt(Emitter.width - 10))
    send(.streamStart)
    send(.documentStart)
  }

  deinit {
    unsafe yaml_emitter_delete(emitter)
    unsafe emitter.deallocate()
    unsafe output.deinitialize(count: 1)
    unsafe output.deallocate()
  }

  mutating func finish() -> String {
    send(.documentEnd)
    send(.streamEnd)
    precondition(unsafe yaml_emitter_flush(emitter) == 1, "libyaml cannot write its output")
    return unsafe String(decoding: output.pointee, as: UTF8.self)
  }

  /// Emits a node.
  ///
  /// - Parameters:
  ///   - column: roughly the column where the node begins. libyaml indents by two.
  ///   - isSection: whether a mapping is in block style even if it is short.
  mutating func emit(_ node: Node, at column: Int, isSection: Bool = false) {
    switch node.value {
    case .scalar(let scalar):
      send(.scalar(scalar))
    case .sequence(let items):
      let isFlow = items.allSatisfy { $0.scalar != nil } || node.fits(in: Emitter.width - column)
      send(.sequenceStart(isFlow: isFlow))
      for item in items { emit(item, at: column + 2) }
      send(.sequenceEnd)
    case .mapping(let pairs):
      let isFlow = pairs.isEmpty || !isSection && node.fits(in: Emitter.width - column)
      send(.mappingStart(isFlow: isFlow))
      for pair in pairs {
        emit(pair.key, at: column)
        let keyWidth = pair.key.scalar?.emittedWidth ?? 0
        // A block collection is indented below its key. A flow collection continues on the line of
        // its key.
        let isBlock = !(pair.value.fits(in: Emitter.width - column - keyWidth - 2))
        emit(
          pair.value, at: isBlock ? column + 2 : column + keyWidth + 2,
          isSection: isSection && column == 0)
      }
      send(.mappingEnd)
    }
  }

  private enum Event {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case scalar(Scalar)
    case sequenceStart(isFlow: Bool)
    case sequenceEnd
    case mappingStart(isFlow: Bool)
    case mappingEnd
  }

  /// Creates the libyaml event and passes it to the emitter. libyaml frees the event.
  private func send(_ event: Event) {
    var made = unsafe yaml_event_t()
    let isMade =
      switch event {
      case .streamStart:
        unsafe yaml_stream_start_event_initialize(&made, YAML_UTF8_ENCODING)
      case .streamEnd:
        unsafe yaml_stream_end_event_initialize(&made)
      case .documentStart:
        unsafe yaml_document_start_event_initialize(&made, nil, nil, nil, 1)
      case .documentEnd:
        unsafe yaml_document_end_event_initialize(&made, 1)
      case .scalar(let scalar):
        unsafe Emitter.initialize(&made, scalar)
      case .sequenceStart(let isFlow):
        unsafe yaml_sequence_start_event_initialize(
          &made, nil, nil, 1, isFlow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE)
      case .sequenceEnd:
        unsafe yaml_sequence_end_event_initialize(&made)
      case .mappingStart(let isFlow):
        unsafe yaml_mapping_start_event_initialize(
          &made, nil, nil, 1, isFlow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE)
      case .mappingEnd:
        unsafe yaml_mapping_end_event_initialize(&made)
      }
    precondition(
      unsafe isMade == 1 && yaml_emitter_emit(emitter, &made) == 1,
      "libyaml's emitter has no memory, or was given its events in a wrong order")
  }

  private static func initialize(_ event: inout yaml_event_t, _ scalar: Scalar) -> CInt {
    var (text, style) = scalar.emitted
    let libyamlStyle =
      switch style {
      case .plain: YAML_PLAIN_SCALAR_STYLE
      case .single: YAML_SINGLE_QUOTED_SCALAR_STYLE
      case .double: YAML_DOUBLE_QUOTED_SCALAR_STYLE
      }
    return text.withUTF8 { bytes in
      unsafe yaml_scalar_event_initialize(
        &event, nil, nil, bytes.baseAddress, CInt(bytes.count), 1, 1, libyamlStyle)
    }
  }
}

private enum EmittedStyle {
  case plain
  case single
  case double
}

extension Scalar {
  /// The text that the emitter writes, and its quoting style.
  fileprivate var emitted: (text: String, style: EmittedStyle) {
    guard case .text = resolved else {
      return (trimmedText.isEmpty ? "~" : trimmedText, .plain)
    }
    guard text.unicodeScalars.allSatisfy(\.isPlainlyShown) else { return (text, .double) }
    let isText = Scalar(text: text, style: .plain).resolved == .text(text) && text != "<<"
    // libyaml itself quotes a text that cannot be plain in its position.
    return (text, isText ? .plain : .single)
  }

  /// An upper bound on the number of columns of the scalar.
  fileprivate var emittedWidth: Int {
    let (text, style) = emitted
    switch style {
    case .plain, .single: return text.unicodeScalars.count { $0 == "'" } + text.utf8.count + 2
    case .double:
      return text.unicodeScalars.reduce(2) { $0 + ($1.isASCII && $1.isPlainlyShown ? 2 : 10) }
    }
  }
}

extension Unicode.Scalar {
  /// Whether libyaml writes the scalar unescaped. False for line breaks and tabs.
  fileprivate var isPlainlyShown: Bool { value >= 0x20 && value < 0xFEFF && !isUnprintable }
}

extension Node {
  /// Whether the node takes at most `width` columns in flow style. The search stops after that many
  /// columns.
  fileprivate func fits(in width: Int) -> Bool {
    var rest = width
    return takeFlowWidth(from: &rest)
  }

  private func takeFlowWidth(from rest: inout Int) -> Bool {
    // Brackets and separators take two columns each.
    rest -= 2
    guard rest >= 0 else { return false }
    switch value {
    case .scalar(let scalar):
      guard scalar.text.utf8.count <= rest else { return false }
      rest -= scalar.emittedWidth - 2
      return rest >= 0
    case .sequence(let items):
      for item in items where !item.takeFlowWidth(from: &rest) { return false }
      return true
    case .mapping(let pairs):
      for pair in pairs {
        guard pair.key.takeFlowWidth(from: &rest), pair.value.takeFlowWidth(from: &rest) else {
          return false
        }
      }
      return true
    }
  }
}
