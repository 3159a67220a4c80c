public import Arrangement

extension GeneticAlgorithm.Individual {
  /// An individual as it was recorded; see the properties.
  public init(
    recordedAs id: Int, generation: Int, genes: [UInt8], energy: Double, key: ArrangementKey,
    degeneracy: Int, origin: String, parents: [Int], isDuplicate: Bool
  ) {
    self.init(
      id: id, generation: generation, genes: genes, energy: energy, key: key,
      degeneracy: degeneracy, origin: origin, parents: parents, isDuplicate: isDuplicate)
  }
}
