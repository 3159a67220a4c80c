import Foundation

/// The cases of `Data/diffusion.json`.
struct ReferenceCases: Decodable {
  struct Lag: Decodable {
    let lag: Int
    let MSD: Double
    let MSCD_over_N: Double
  }

  struct Wrapped: Decodable {
    let box: Double
    let trajectory_wrapped: [[[Double]]]
    let results: [Lag]
  }

  struct Plain: Decodable {
    let trajectory: [[[Double]]]
    let results: [Lag]
  }

  struct Walkers: Decodable {
    struct Lag: Decodable {
      let lag: Int
      let sum_over_origins_and_ions_of_squared_displacement: Double
      let sum_over_origins_of_squared_collective_displacement: Double
    }
    let N: Int
    let T: Int
    let seed: UInt64
    let final_positions_first3: [[Double]]
    let checksum_sum_abs_final: Double
    let results: [Lag]
  }

  struct Partition: Decodable {
    let species: [String]
    let displacements: [[Double]]
    let charges: [String: Double]
    let volume_A3: Double
    let T: Double
    let time_ps: Double
    let sums_A2: [String: Double]
    let sigma_mS_per_cm: [String: Double]
  }

  struct Arrhenius: Decodable {
    struct Fit: Decodable {
      let Ea_eV: Double
      let D0_cm2_s: Double
    }
    let T: [Double]
    let D_cm2_s: [Double]
    let fit_ln: Fit
  }

  struct NernstEinstein: Decodable {
    let D_cm2_s: Double
    let z: Double
    let T: Double
    let sigma_published_mS_cm: Double
    let implied_number_density_per_A3: Double
  }

  struct Published: Decodable {
    struct Fits: Decodable { let least_squares_all_points: [String: Double] }
    struct Paper: Decodable { let D_paper: Double }
    let fits: Fits
    let published: Paper
  }

  let two_ions_six_frames: Plain
  let wrapped_in_box_6: Wrapped
  let lcg_walkers_A: Walkers
  let conductivity_partition_MgCl: Partition
  let arrhenius_paper002: Arrhenius
  let nernst_einstein_paper004: NernstEinstein
  let published_MSD_table_1000K: Published

  static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Data")
  }

  static func read() throws -> ReferenceCases {
    try JSONDecoder().decode(
      ReferenceCases.self, from: Data(contentsOf: folder.appending(path: "diffusion.json")))
  }
}
