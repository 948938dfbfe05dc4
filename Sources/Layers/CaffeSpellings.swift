// Caffe's names for choices that have another name here. Those that differ in capitals alone need no line.

extension Pooling.Function {
  package static var aliases: KeyValuePairs<String, Pooling.Function> { ["AVE": .average] }
}

extension SPP.Function {
  package static var aliases: KeyValuePairs<String, SPP.Function> { ["average": .average] }
}
