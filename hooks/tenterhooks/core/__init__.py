"""What every hook shares: findings, files, configuration, reports. Knows no practice."""
