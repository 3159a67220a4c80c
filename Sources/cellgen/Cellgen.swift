import ArgumentParser
import Workflow

/// The program: one subcommand per job.
@main
struct Cellgen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cellgen",
    abstract: "Crystal models, arrangements of cations and vacancies, hulls and voltages.",
    discussion: """
      Three commands to start with, each of which works as it stands in an empty folder:

        cellgen spinel --supercell 3x3x3
        cellgen ga --generations 500
        cellgen hull energies.csv

      Results go to standard output or to a folder; everything else goes to standard error.
      """,
    version: cellgenVersion,
    subcommands: [
      SpinelCommand.self, RocksaltCommand.self, LayeredCommand.self, PrototypeCommand.self,
      SupercellCommand.self, SlabCommand.self, InterfaceCommand.self, ParticlesCommand.self,
      PackCommand.self, StrainCommand.self, RattleCommand.self, SubstituteCommand.self,
      VacanciesCommand.self, ExchangeCommand.self, InsertCommand.self, MapCommand.self,
      ConvertCommand.self, CountCommand.self, EnumerateCommand.self, RankCommand.self,
      AnnealCommand.self, GACommand.self, EnergyCommand.self, PotentialsCommand.self,
      EnginesCommand.self, RelaxCommand.self, MDCommand.self, AmorphousCommand.self,
      RDFCommand.self, CoordinationCommand.self, SitesCommand.self, VolumeCommand.self,
      BondValenceCommand.self, OrderCommand.self, DiffusionCommand.self, DensityCommand.self,
      HullCommand.self, InputCommand.self, LintCommand.self, SubmitCommand.self,
      CollectCommand.self, ReportCommand.self, StudyCommand.self,
    ])
}
