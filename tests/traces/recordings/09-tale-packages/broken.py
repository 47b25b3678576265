def F(:
