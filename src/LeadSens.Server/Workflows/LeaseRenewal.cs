using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows;

/// <summary>Renews the leases of the runs that go on here.</summary>
internal sealed class LeaseRenewal(Leases leases, TimeProvider time, ILogger<LeaseRenewal> log) : RenewalLoop(time)
{
    protected override Task RenewAsync(CancellationToken cancellationToken) => leases.RenewAsync(cancellationToken);

    protected override void NotRenewed(Exception failure) => log.LeasesNotRenewed(failure);
}
