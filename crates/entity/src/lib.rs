//! Named entities with normalization: states and what stands for them, bodies, persons, organizations, dates, money.
