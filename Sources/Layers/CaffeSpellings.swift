// Caffe's names for choices that have another name here. Names that differ in capitals only are
// recognized without an alias.

extension Pooling.Function {
  package static var aliases: KeyValuePairs<String, Pooling.Function> { ["AVE": .average] }
}

extension SPP.Function {
  package static var aliases: KeyValuePairs<String, SPP.Function> { ["average": .average] }
}
