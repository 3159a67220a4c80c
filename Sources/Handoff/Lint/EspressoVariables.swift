/// The variables of the namelists of pw.x, as far as its documentation names them, with those of earlier
/// versions; what is not among them is only warned of.
///
/// Reference: https://www.quantum-espresso.org/Doc/INPUT_PW.html
let espressoVariables: [String: Set<String>] = [
  "control": Set(
    lintWords(
      """
      calculation dipfield disk_io dt ekin_conv_thr etot_conv_thr forc_conv_thr gate gdir
      input_xml_schema_file iprint isave lberry lecrpa lelfield lfcp lfcpdyn lfcpopt lkpoint_dir
      lorbm max_seconds max_xml_steps memory nberrycyc ndr ndw nppstr nstep outdir
      point_label_type prefix pseudo_dir refg restart_mode saverho tefield title tprnfor tqmmm
      trism tstress twochem verbosity wf_collect wfcdir
      """)),
  "system": Set(
    lintWords(
      """
      a ace angle1 angle2 assume_isolated b b_field backall block block_1 block_2 block_height c
      celldm constrained_magnetization cosab cosac cosbc degauss degauss_cond dftd3_threebody
      dftd3_version dmft dmft_prefix eamp ecfixed ecutfock ecutrho ecutvcut ecutwfc edir emaxpos
      ensemble_energies eopreg esm_bc esm_efield esm_nfit esm_w exx_fraction exxdiv_treatment
      fcp_mass fcp_mdiis_size fcp_mdiis_step fcp_mu fcp_relax fcp_relax_crit fcp_relax_step
      fcp_tempw fcp_tot_charge_first fcp_tot_charge_last fixed_magnetization force_symmorphic
      gcscf_beta gcscf_conv_thr gcscf_mu hub_pot_fix hubbard_alpha hubbard_alpha_back
      hubbard_alpha_m hubbard_beta hubbard_j hubbard_j0 hubbard_occ hubbard_parameters hubbard_u
      hubbard_u_back hubbard_um hubbard_v ibrav input_dft l1back la2f lambda lback lda_plus_u
      lda_plus_u_kind lfcpdyn lfcpopt lfock lforcet lgcscf lmovecell localization_thr london
      london_c6 london_rcut london_rvdw london_s6 lspinorb max_xkb_occ n_proj nat nbnd nbnd_cond
      nelec nelec_cond nextffield no_t_rev noinv noncolin nosym nosym_evc nqx1 nqx2 nqx3 nr1 nr1b
      nr1s nr2 nr2b nr2s nr3 nr3b nr3s nspin ntyp occupations one_atom_occupations orbj_fin
      orbj_in origin_choice pol_type pot_order q2sigma qcutz relaxz report reserv reserv_back
      rhombohedral scdm scdmden scdmgrd sci_cb sci_vb screening_parameter sic_energy sic_gamma
      smearing space_group starting_charge starting_magnetization starting_ns_eigenvalue
      starting_spin_angle tot_charge tot_magnetization ts_vdw ts_vdw_econv_thr ts_vdw_isolated
      u_projection_type uniqueb use_all_frac use_veff vdw_corr vdw_table_name
      x_gamma_extrapolation xc_temp xdm xdm_a1 xdm_a2 zgate
      """)),
  "electrons": Set(
    lintWords(
      """
      adaptive_thr ampre conv_thr conv_thr_init conv_thr_multi diago_cg_maxiter diago_david_ndim
      diago_full_acc diago_gs_nblock diago_ppcg_maxiter diago_rmm_conv diago_rmm_ndim
      diago_thr_init diagonalization efield efield_cart efield_phase ekincw electron_damping
      electron_dynamics electron_maxstep electron_temperature electron_velocities emass
      emass_cutoff epol etresh exx_maxstep fnosee grease lambda_cold maxiter mixing_beta
      mixing_fixed_ns mixing_mode mixing_ndim n_inner niter_cg_restart niter_cold_restart
      occupation_constraints orthogonalization passop pre_state real_space scf_must_converge
      startingpot startingwfc tcg tqr
      """)),
  "ions": Set(
    lintWords(
      """
      amprp bfgs_ndim delta_t ds fire_alpha_init fire_dtmax fire_f_dec fire_f_inc fire_falpha
      fire_nmin first_last_opt fnhscl fnosep greasp ignore_wolfe ion_damping ion_dynamics
      ion_maxstep ion_nstepe ion_positions ion_radius ion_temperature ion_velocities ndega nhgrp
      nhpcl nhptyp nraise num_of_images phase_space pot_extrapolation refold_pos remove_rigid_rot
      tempw tolp tranp trust_radius_ini trust_radius_max trust_radius_min upscale w_1 w_2
      wfc_extrapolation
      """)),
  "cell": Set(
    lintWords(
      """
      cell_damping cell_dofree cell_dynamics cell_factor cell_nstepe cell_parameters
      cell_temperature cell_velocities fnoseh greash press press_conv_thr temph treinit_gvecs
      wmass
      """)),
  "fcp": Set(
    lintWords(
      """
      fcp_conv_thr fcp_delta_t fcp_dynamics fcp_mass fcp_mu fcp_ndiis fcp_nraise fcp_temperature
      fcp_tempw fcp_tolp fcp_velocity freeze_all_atoms
      """)),
  "rism": Set(
    lintWords(
      """
      closure ecutsolv laue_both_hands laue_buffer_left laue_buffer_right laue_expand_left
      laue_expand_right laue_nfit laue_starting_left laue_starting_right laue_wall
      laue_wall_epsilon laue_wall_lj6 laue_wall_rho laue_wall_sigma laue_wall_z mdiis1d_size
      mdiis1d_step mdiis3d_size mdiis3d_step nsolv rism1d_bond_width rism1d_conv_thr
      rism1d_dielectric rism1d_maxstep rism1d_molesize rism1d_nproc rism3d_conv_level
      rism3d_conv_thr rism3d_maxstep rism3d_planar_average smear1d smear3d solute_epsilon
      solute_lj solute_sigma starting1d starting3d tempv
      """)),
]
