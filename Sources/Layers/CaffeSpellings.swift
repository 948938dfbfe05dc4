internal import YAML

// Caffe's names for choices that have another name here. Those that differ in capitals alone need no line.

extension Pooling.Function {
  package static var aliases: KeyValuePairs<String, Pooling.Function> { ["AVE": .average] }
}

extension PyramidFunction {
  package static var aliases: KeyValuePairs<String, PyramidFunction> { ["average": .average] }
}
