using LeadSens.Server.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeadSens.Server.Operations;

internal sealed class DatabaseHealth(SystemDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
