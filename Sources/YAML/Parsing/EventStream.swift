internal import CYAML

/// libyaml's parser, reading a borrowed text.
///
/// libyaml keeps a pointer to the parser's struct, which therefore stays at a fixed address on the
/// heap.
@safe struct EventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let isReady: Bool

  /// Passes the event stream of `text` to `body`. The text is valid UTF-8 without NUL.
  static func read<Result>(_ text: String, _ body: (consuming EventStream) -> Result) -> Result {
    var text = text
    return text.withUTF8 { unsafe body(EventStream(over: $0)) }
  }

  private init(over text: UnsafeBufferPointer<UInt8>) {
    unsafe parser = .allocate(capacity: 1)
    unsafe isReady = yaml_parser_initialize(parser) == 1
    guard isReady else { return }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    if isReady { unsafe yaml_parser_delete(parser) }
    unsafe parser.deallocate()
  }

  /// The next event and the position where it begins.
  func next() throws(SyntaxFailure) -> (event: Event, position: Position) {
    var event = unsafe yaml_event_t()
    guard isReady, unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe (EventStream.translate(event), Position(event.start_mark))
  }

  private static func translate(_ event: yaml_event_t) -> Event {
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT:
      return unsafe .alias(EventStream.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        Scalar(
          text: unsafe String(decoding: bytes, as: UTF8.self), style: isPlain ? .plain : .quoted),
        unsafe EventStream.properties(scalar.anchor, scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return unsafe .sequenceStart(EventStream.properties(start.anchor, start.tag))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return unsafe .mappingStart(EventStream.properties(start.anchor, start.tag))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    // After its end, a stream returns empty events.
    default: return .streamEnd
    }
  }

  private static func properties(
    _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?
  ) -> Event.Properties {
    unsafe Event.Properties(anchor: text(anchor), tag: text(tag))
  }

  private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }

  private var failure: SyntaxFailure {
    guard isReady, unsafe parser.pointee.error != YAML_MEMORY_ERROR else {
      let start = Position(line: 1, column: 1)
      return SyntaxFailure(
        problem: "not enough memory to read the text", position: start, context: nil,
        contextPosition: start)
    }
    let state = unsafe parser.pointee
    return unsafe SyntaxFailure(
      problem: state.problem.map { unsafe String(cString: $0) } ?? "this is not YAML",
      position: Position(state.problem_mark),
      context: state.context.map { unsafe String(cString: $0) },
      contextPosition: Position(state.context_mark))
  }
}
