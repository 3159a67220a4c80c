#!/bin/bash
# cellgen gives name, array and log of the jobs to sbatch as arguments.
{% if nodes %}
#SBATCH --nodes={{ nodes }}
{% endif %}
#SBATCH --ntasks={{ tasks }}
#SBATCH --cpus-per-task={{ cpus }}
{% if time %}
#SBATCH --time={{ time }}
{% endif %}
{% if account %}
#SBATCH --account={{ account }}
{% endif %}
{% if partition %}
#SBATCH --partition={{ partition }}
{% endif %}

export OMP_NUM_THREADS={{ cpus }}
{% for module in modules %}
module load {{ module }} || exit 2
{% endfor %}
{{ run }}
