namespace LeadSens.Engine.Tests.Running;

/// <summary>Who gets a place when many want one.</summary>
public sealed class FairPlacesTests
{
    private const int Places = 6, Share = 2;
    private static readonly TimeSpan Credit = TimeSpan.FromSeconds(1), Patience = Timeout.InfiniteTimeSpan;
    private readonly ManualTime _time = new();
    private readonly FairPlaces<string> _places;

    public FairPlacesTests() => _places = new(Places, Share, 0.5, Credit, _time);

    [Fact]
    public async Task Whoever_is_alone_has_all_places_and_keeps_to_a_share_in_company()
    {
        for (var taken = 0; taken < Places; taken++) (await TakeAsync("attacker")).ShouldBeTrue();
        var more = Wait("attacker", 40);
        var customer = Wait("customer", 1).Single();
        Give("attacker");
        (await customer).ShouldBeTrue("the first place that comes free is for whoever has none");
        for (var given = 1; given < Places; given++) Give("attacker");
        await OnlyAsync(more, Share);
        (await TakeAsync("third")).ShouldBeTrue("what is beyond the shares stays free for others");
    }

    [Fact]
    public async Task A_key_that_is_alone_again_has_all_places_again()
    {
        (await TakeAsync("customer")).ShouldBeTrue();
        Give("customer");
        var loops = Wait("attacker", Places);
        await OnlyAsync(loops, Share);
        _time.Pass(TimeSpan.FromSeconds(11));
        loops.AddRange(Wait("attacker", 1));
        await OnlyAsync(loops, Places);
    }

    [Fact]
    public async Task Those_who_wait_are_served_key_by_key()
    {
        var places = new FairPlaces<string>(1, 1, 1, Credit, _time);
        await places.TakeAsync("a", Patience, default);
        var served = new List<string>();
        var waiting = ((string[])["a", "a", "a", "b", "c", "b"]).Select(async key =>
        {
            await places.TakeAsync(key, Patience, default);
            served.Add(key);
            places.Return(key, TimeSpan.Zero);
        }).ToList();
        places.Return("a", TimeSpan.Zero);
        await Task.WhenAll(waiting);
        served.ShouldBe(["a", "b", "c", "a", "b", "a"]);
    }

    [Fact]
    public async Task Whoever_has_taken_more_than_its_part_of_the_time_goes_without_until_it_has_made_up_for_it()
    {
        (await TakeAsync("customer")).ShouldBeTrue();
        (await TakeAsync("attacker")).ShouldBeTrue();
        (await TakeAsync("attacker")).ShouldBeTrue();
        _places.Return("attacker", TimeSpan.FromSeconds(1));
        (await TakeAsync("attacker")).ShouldBeTrue("within its credit");
        _places.Return("attacker", TimeSpan.FromSeconds(3));
        _places.Return("attacker", TimeSpan.FromSeconds(1));
        var waiter = Wait("attacker", 1).Single();
        waiter.IsCompleted.ShouldBeFalse();
        (await TakeAsync("customer")).ShouldBeTrue("its places are others' meanwhile");
    }

    [Fact]
    public async Task Whoever_waited_in_vain_or_went_away_has_no_place()
    {
        (await TakeAsync("customer")).ShouldBeTrue();
        (await TakeAsync("attacker")).ShouldBeTrue();
        (await TakeAsync("attacker")).ShouldBeTrue();
        var places = new FairPlaces<string>(1, 1, 1, Credit, TimeProvider.System);
        await places.TakeAsync("a", Patience, default);
        (await places.TakeAsync("b", TimeSpan.FromMilliseconds(1), default)).ShouldBeFalse();
        using var gone = new CancellationTokenSource();
        var waiter = places.TakeAsync("b", Patience, gone.Token).AsTask();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiter);
        places.Return("a", TimeSpan.Zero);
        (await places.TakeAsync("c", TimeSpan.Zero, default)).ShouldBeTrue();
    }

    /// <summary>The first of them have places, and no other.</summary>
    private static async Task OnlyAsync(List<Task<bool>> waiters, int served)
    {
        await Task.WhenAll(waiters.Take(served)).WaitAsync(TimeSpan.FromSeconds(10));
        waiters.Skip(served).ShouldAllBe(waiter => !waiter.IsCompleted);
    }

    private ValueTask<bool> TakeAsync(string key) => _places.TakeAsync(key, Patience, default);

    private List<Task<bool>> Wait(string key, int count) => [.. Enumerable.Range(0, count).Select(_ => TakeAsync(key).AsTask())];

    private void Give(string key) => _places.Return(key, TimeSpan.Zero);
}
