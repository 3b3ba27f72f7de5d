using LeadSens.Server.Approvals;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Approvals;

public sealed class DecideApprovalTests : DatabaseTest
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Approving_moves_every_lead_and_tells_the_run_once()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 3);
        var approval = await campaign.AskAsync();
        (await Db.ScalarAsync<string>("select status from campaigns where id = $1", campaign.Id)).ShouldBe("AwaitingApproval");

        var decided = await DecideAsync(campaign, approval, "approve");

        decided.ShouldBe(new DecisionResult.Decided("approved", 3, 0, 0));
        (await campaign.StatusesAsync()).ShouldBe(["Approved"]);
        (await Db.ScalarAsync<string>("select payload::text from stimuli where key = $1", $"approval:{approval}"))!.ShouldContain("Approved");
        (await Db.ScalarAsync<string>("select status from campaigns where id = $1", campaign.Id)).ShouldBe("Running");
        (await Db.ScalarAsync<long>("select count(*) from outbox_events where type = 'ApprovalDecided'")).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_decisions_at_once_one_is_taken()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 5);
        var approval = await campaign.AskAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Task.Run(() => DecideAsync(campaign, approval, n % 2 == 0 ? "approve" : "reject"))));

        results.OfType<DecisionResult.Decided>().ShouldHaveSingleItem();
        results.OfType<DecisionResult.Refused>().ShouldAllBe(refused => refused.Code == "approval_already_decided");
        (await campaign.StatusesAsync()).Count.ShouldBe(1);
        (await Db.ScalarAsync<long>("select count(*) from stimuli where key = $1", $"approval:{approval}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_and_the_time_out_never_both_win()
    {
        for (var round = 0; round < 10; round++)
        {
            var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
            var approval = await campaign.AskAsync();
            var decision = Task.Run(() => DecideAsync(campaign, approval, "approve"));
            var timeOut = Task.Run(() => campaign.Workflow().TimeOutAsync(campaign.WorkspaceId, approval, None));

            if (await decision is DecisionResult.Decided)
            {
                (await timeOut).ShouldBe("Approved");
                (await campaign.StatusesAsync()).ShouldBe(["Approved"]);
            }
            else
            {
                ((DecisionResult.Refused)await decision).Code.ShouldBe("approval_expired");
                (await timeOut).ShouldBe("TimedOut");
                (await campaign.StatusesAsync()).ShouldBe(["Drafted"]);
            }
        }
    }

    [Fact]
    public async Task An_expired_approval_cannot_be_decided()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 1);
        var approval = await campaign.AskAsync(TimeSpan.FromHours(1));
        await Db.ShiftClockAsync(TimeSpan.FromHours(2));

        (await DecideAsync(campaign, approval, "approve")).ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_expired");
    }

    [Fact]
    public async Task An_edit_outdates_what_another_reviewer_saw()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
        var approval = await campaign.AskAsync();
        var seen = await campaign.HashAsync(approval);
        var lead = (await campaign.LeadsAsync())[0];

        var (hash, refused) = await new EditDrafts(DataSource).SaveAsync(
            approval, [new(lead, Edits: [new(1, Body: "Better")])], new("anna", campaign.WorkspaceId, seen), None);

        refused.ShouldBeNull();
        hash.ShouldNotBe(seen);
        (await DecideAsync(campaign, approval, "approve", seen)).ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_outdated");
        (await DecideAsync(campaign, approval, "approve", hash)).ShouldBeOfType<DecisionResult.Decided>();
    }

    [Fact]
    public async Task An_edit_and_a_decision_at_once_leave_one_consistent_text()
    {
        for (var round = 0; round < 10; round++)
        {
            var campaign = await ReviewedCampaign.CreateAsync(Db, 1);
            var approval = await campaign.AskAsync();
            var seen = await campaign.HashAsync(approval);
            var lead = (await campaign.LeadsAsync())[0];
            var edit = Task.Run(() => new EditDrafts(DataSource).SaveAsync(approval, [new(lead, Edits: [new(2, Body: "Edited")])], new("anna", campaign.WorkspaceId, seen), None));
            var decision = Task.Run(() => DecideAsync(campaign, approval, "approve", seen));

            var edited = (await edit).Refused is null;
            (await decision is DecisionResult.Decided).ShouldBe(!edited);
            (await Db.ScalarAsync<string>("select body from drafts where lead_id = $1 and step = 2", lead) == "Edited").ShouldBe(edited);
        }
    }

    [Fact]
    public async Task Texts_that_changed_under_the_approval_are_not_signed_unseen()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
        var approval = await campaign.AskAsync();
        var seen = await campaign.HashAsync(approval);
        await Db.ExecuteAsync("update drafts set body = 'Slipped in' where step = 3 and campaign_id = $1", campaign.Id);

        (await DecideAsync(campaign, approval, "approve", seen)).ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_outdated");
        (await campaign.StatusesAsync()).ShouldBe(["Drafted"]);
        (await DecideAsync(campaign, approval, "approve", await campaign.HashAsync(approval))).ShouldBeOfType<DecisionResult.Decided>();
    }

    [Fact]
    public async Task Edits_are_kept_as_style_samples_and_hashed_as_decided()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
        var approval = await campaign.AskAsync();
        var lead = (await campaign.LeadsAsync())[0];

        await campaign.Decide().ExecuteAsync(approval, new("approve", null, [new(lead, Edits: [new(1, "New subject"), new(2, Body: "Hello there,\n\nmail <b>2</b>")])]),
            new("anna", campaign.WorkspaceId, await campaign.HashAsync(approval)), None);

        (await Db.ListAsync<string>("select edited from style_samples where lead_id = $1", lead)).ShouldHaveSingleItem().ShouldStartWith("New subject");
        (await Db.ScalarAsync<string>("select original_subject from drafts where lead_id = $1 and step = 1", lead)).ShouldBe("Subject 1");
        (await Db.ScalarAsync<long>("select count(*) from approval_leads where approval_id = $1 and decided_hash <> content_hash", approval)).ShouldBe(0);
        (await Db.ScalarAsync<bool>("select a.decided_hash <> $2 from approvals a where id = $1", approval, new byte[32])).ShouldBeTrue();
    }

    [Fact]
    public async Task A_round_with_open_leads_asks_again_only_about_them()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 3);
        var first = await campaign.AskAsync();
        var leads = await campaign.LeadsAsync();

        var decided = await campaign.Decide().ExecuteAsync(first,
            new("approve", null, [new(leads[1], "requestChanges", "Shorter, please"), new(leads[2], "reject")]), new("anna", campaign.WorkspaceId, await campaign.HashAsync(first)), None);

        decided.ShouldBe(new DecisionResult.Decided("changes_requested", 1, 1, 1));
        (await Db.ScalarAsync<string>("select status || ': ' || changes_requested from leads where id = $1", leads[1])).ShouldBe("Qualified: Shorter, please");
        await Db.ExecuteAsync("update leads set status = 'Drafted' where id = $1", leads[1]);
        var second = await campaign.AskAsync();
        (await Db.ListAsync<Guid>("select lead_id from approval_leads where approval_id = $1", second)).ShouldBe([leads[1]]);
        (await DecideAsync(campaign, second, "reject")).ShouldBe(new DecisionResult.Decided("approved", 0, 1, 0));
    }

    [Fact]
    public async Task A_round_without_leads_is_decided_by_the_earlier_ones()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 1);
        await campaign.ApprovedAsync();

        var empty = await campaign.AskAsync();

        (await Db.ScalarAsync<string>("select status from approvals where id = $1", empty)).ShouldBe("approved");
        (await Db.ScalarAsync<long>("select count(*) from stimuli where key = $1", $"approval:{empty}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_second_box_asks_about_what_the_first_approved()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
        await campaign.ApprovedAsync();

        var second = await campaign.AskAsync(node: "legal");

        (await Db.ScalarAsync<int>("select lead_count from approvals where id = $1", second)).ShouldBe(2);
    }

    [Fact]
    public async Task The_requester_cannot_decide_where_the_setting_says_so()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 1);
        var approval = await campaign.AskAsync(notBy: "anna");

        (await DecideAsync(campaign, approval, "approve")).ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_not_allowed");
        (await campaign.Decide().ExecuteAsync(approval, new("approve", null, []), new("ben", campaign.WorkspaceId, await campaign.HashAsync(approval)), None)).ShouldBeOfType<DecisionResult.Decided>();
    }

    [Fact]
    public async Task A_second_person_confirms_what_the_first_approved()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 3);
        await campaign.ApprovedAsync();
        var confirmation = await campaign.AskAsync(node: "confirm", bySomebodyElse: true);

        (await DecideAsync(campaign, confirmation, "approve")).ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_not_allowed");
        (await ByBenAsync(campaign, confirmation, new("approve", null, [new((await campaign.LeadsAsync())[0], "reject")]))).ShouldBe(new DecisionResult.Decided("approved", 2, 1, 0));
        (await campaign.StatusesAsync()).ShouldBe(["Approved", "Rejected"]);
    }

    [Fact]
    public async Task Only_what_was_approved_is_there_to_confirm()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 3);

        var confirmation = await campaign.AskAsync(node: "confirm", bySomebodyElse: true);

        (await Db.ScalarAsync<string>("select status || lead_count from approvals where id = $1", confirmation)).ShouldBe("rejected0");
    }

    [Fact]
    public async Task What_is_confirmed_is_not_changed_any_more()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 1);
        await campaign.ApprovedAsync();
        var confirmation = await campaign.AskAsync(node: "confirm", bySomebodyElse: true);
        var lead = (await campaign.LeadsAsync())[0];
        Decision Editing(string subject) => new("approve", null, [new(lead, Edits: [new(1, subject)])]);

        (await ByBenAsync(campaign, confirmation, Editing("Buy now"))).ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_texts_fixed");
        (await Db.ScalarAsync<string>("select subject from drafts where step = 1")).ShouldBe("Subject 1");
        (await ByBenAsync(campaign, confirmation, Editing("Subject 1"))).ShouldBeOfType<DecisionResult.Decided>();
    }

    [Fact]
    public async Task A_stranger_finds_no_approval_and_a_cancelled_one_is_decided()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 1);
        var approval = await campaign.AskAsync();
        (await campaign.Decide().ExecuteAsync(approval, new("approve", null, []), new("mallory", Guid.CreateVersion7(), await campaign.HashAsync(approval)), None))
            .ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_not_found");
        await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
            await VoidApprovals.ExecuteAsync(connection, campaign.WorkspaceId, campaign.Id, None);

        (await DecideAsync(campaign, approval, "approve")).ShouldBeOfType<DecisionResult.Refused>().Code.ShouldBe("approval_already_decided");
    }

    [Fact]
    public async Task A_lead_that_left_the_review_is_not_approved()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
        var approval = await campaign.AskAsync();
        await Db.ExecuteAsync("update leads set status = 'Suppressed' where id = $1", (await campaign.LeadsAsync())[0]);

        (await DecideAsync(campaign, approval, "approve")).ShouldBe(new DecisionResult.Decided("approved", 1, 0, 0));
        (await campaign.StatusesAsync()).ShouldBe(["Approved", "Suppressed"]);
    }

    private static async Task<DecisionResult> ByBenAsync(ReviewedCampaign campaign, Guid approval, Decision decision) =>
        await campaign.Decide().ExecuteAsync(approval, decision, new("ben", campaign.WorkspaceId, await campaign.HashAsync(approval)), None);

    private static async Task<DecisionResult> DecideAsync(ReviewedCampaign campaign, Guid approval, string decision, byte[]? seen = null) =>
        await campaign.Decide().ExecuteAsync(approval, new(decision, null, []), new("anna", campaign.WorkspaceId, seen ?? await campaign.HashAsync(approval)), None);
}
