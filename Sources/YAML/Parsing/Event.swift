/// One parsing event of libyaml: the start or end of a node, or a whole scalar or alias.
enum Event {
  case streamStart
  case streamEnd
  case documentStart
  case documentEnd
  case alias(String)
  case scalar(Scalar, Properties)
  case sequenceStart(Properties)
  case sequenceEnd
  case mappingStart(Properties)
  case mappingEnd

  /// The anchor and the tag before a node.
  struct Properties {
    /// The name after `&`.
    let anchor: String?
    /// The tag in full: `tag:yaml.org,2002:str` for `!!str`.
    let tag: String?
  }
}
