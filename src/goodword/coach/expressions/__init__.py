"""Regular expressions that others wrote: parsed, bounded, and refused where they could run away."""
