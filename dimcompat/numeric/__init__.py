"""Numbers: formulas evaluated with NumPy, and derivations checked with them.

A room of its own because NumPy is loaded here and nowhere else in the package, and only
when somebody asks for a number: `import dimcompat` stays light.
"""
