// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Errors} from "./Errors.sol";
import {JobEndings} from "./JobEndings.sol";
import {Module} from "./Module.sol";

/// @title The life of a job: created, applied, submitted, completed or disputed (its end: JobEndings)
contract JobRegistry is JobEndings {
    event JobCreated(
        uint256 indexed jobId,
        address indexed employer,
        address indexed agent,
        uint256 reward,
        uint256 stake,
        uint256 fee,
        bytes32 specHash,
        string uri
    );
    event JobFunded(uint256 indexed jobId, address indexed employer, uint256 reward, uint256 fee);
    event ApplicationSubmitted(uint256 indexed jobId, address indexed applicant, string subdomain);
    event AgentAssigned(uint256 indexed jobId, address indexed agent, string subdomain);
    event JobApplied(uint256 indexed jobId, address indexed agent, string subdomain);
    event ResultSubmitted(
        uint256 indexed jobId, address indexed worker, bytes32 resultHash, string resultURI, string subdomain
    );
    event JobSubmitted(
        uint256 indexed jobId, address indexed worker, bytes32 resultHash, string resultURI, string subdomain
    );
    event ValidationStartTriggered(uint256 indexed jobId);
    event JobCompleted(uint256 indexed jobId, bool success);
    event JobDisputed(uint256 indexed jobId, address indexed caller);
    event DisputeResolved(uint256 indexed jobId, bool employerWins);

    modifier onlyValidationModule() {
        if (_msgSender() != address(validationModule)) revert Errors.OnlyValidationModule();
        _;
    }

    constructor(address governance, address forwarder, uint256 feePct_, uint256 validatorRewardPct_)
        Module(governance, forwarder)
    {
        _checkPercentages(feePct_, validatorRewardPct_);
        (feePct, validatorRewardPct) = (feePct_, validatorRewardPct_);
    }

    /// @notice Posts a job and escrows reward + floor(reward * feePct / 100); needs that approval to the stake manager.
    /// Errors: InvalidAmount, RewardOverflow, RewardTooHigh, InvalidDeadline, DurationTooLong, InvalidSpecHash,
    /// JobParametersUnset, TaxPolicyNotAcknowledged, ERC20InsufficientAllowance, ERC20InsufficientBalance.
    /// @param reward Base units, above 0.
    /// @param deadline Unix seconds, later than the block and within maxJobDuration.
    /// @param specHash Hash of the specification, not zero.
    /// @param uri Where the specification is.
    /// @return jobId The new job's id.
    function createJob(uint256 reward, uint64 deadline, bytes32 specHash, string calldata uri)
        external
        whenNotPaused
        nonReentrant
        taxed
        returns (uint256 jobId)
    {
        _checkTerms(reward, deadline, specHash);
        jobId = ++nextJobId;
        Job storage job = jobs[jobId];
        (job.employer, job.reward, job.stake) = (_msgSender(), uint128(reward), jobStake);
        (job.specHash, job.uriHash) = (specHash, keccak256(bytes(uri)));
        _setState(jobId, State.Created);
        _setField(jobId, FEE_PCT, 32, feePct);
        _setField(jobId, DEADLINE, 64, deadline);
        uint256 fee = _fee(jobId);
        stakeManager.lockReward(bytes32(jobId), _msgSender(), reward + fee);
        emit JobCreated(jobId, _msgSender(), address(0), reward, job.stake, fee, specHash, uri);
        emit JobFunded(jobId, _msgSender(), reward, fee);
    }

    /// @notice Takes an open job; the first applicant is assigned at once and jobStake of his stake is locked.
    /// Errors: NotOpen, DeadlinePassed, EmptySubdomain, IdentityRegistryNotSet, NotAuthorizedAgent,
    /// MaxActiveJobsReached, InsufficientAgentStake, InsufficientStake, TaxPolicyNotAcknowledged.
    /// @param subdomain The agent's ENS label. @param proof Merkle proof, or empty.
    function applyForJob(uint256 jobId, string calldata subdomain, bytes32[] calldata proof)
        external
        whenNotPaused
        nonReentrant
        taxed
    {
        if (_state(jobId) != State.Created) revert Errors.NotOpen();
        if (block.timestamp > _deadline(jobId)) revert Errors.DeadlinePassed();
        _checkIdentity(subdomain, proof);
        _assign(jobId, _msgSender());
        emit ApplicationSubmitted(jobId, _msgSender(), subdomain);
        emit AgentAssigned(jobId, _msgSender(), subdomain);
        emit JobApplied(jobId, _msgSender(), subdomain);
    }

    /// @notice Hands in the result and starts validation. Errors: InvalidJobState, OnlyAgent, DeadlinePassed,
    /// EmptySubdomain, NotAuthorizedAgent, TaxPolicyNotAcknowledged.
    /// @param resultHash Hash of the result. @param resultURI Where the result is.
    /// @param subdomain The agent's ENS label. @param proof Merkle proof, or empty.
    function submit(
        uint256 jobId,
        bytes32 resultHash,
        string calldata resultURI,
        string calldata subdomain,
        bytes32[] calldata proof
    ) external whenNotPaused nonReentrant taxed {
        if (_state(jobId) != State.Applied) revert Errors.InvalidJobState();
        if (_msgSender() != jobs[jobId].agent) revert Errors.OnlyAgent();
        if (block.timestamp > _deadline(jobId)) revert Errors.DeadlinePassed();
        _checkIdentity(subdomain, proof);
        jobs[jobId].resultHash = resultHash;
        _setState(jobId, State.Submitted);
        emit ResultSubmitted(jobId, _msgSender(), resultHash, resultURI, subdomain);
        emit JobSubmitted(jobId, _msgSender(), resultHash, resultURI, subdomain);
        validationModule.start(jobId, uint256(resultHash));
        emit ValidationStartTriggered(jobId);
    }

    /// @notice Contests an outcome with evidence and reason; takes the dispute fee (approval to the stake manager).
    /// Errors: OnlyParticipant, CannotDispute, EvidenceMissing, "disputed", ERC20InsufficientAllowance.
    function dispute(uint256 jobId, bytes32 evidenceHash, string calldata reason) external {
        if (evidenceHash == bytes32(0) || bytes(reason).length == 0) revert Errors.EvidenceMissing();
        _dispute(jobId, evidenceHash, reason);
    }

    /// @notice As dispute, with evidence alone.
    function raiseDispute(uint256 jobId, bytes32 evidenceHash) external {
        if (evidenceHash == bytes32(0)) revert Errors.EvidenceMissing();
        _dispute(jobId, evidenceHash, "");
    }

    /// @notice As dispute, with a reason alone.
    function raiseDispute(uint256 jobId, string calldata reason) external {
        if (bytes(reason).length == 0) revert Errors.EvidenceMissing();
        _dispute(jobId, bytes32(0), reason);
    }

    /// @notice The counted vote: Completed when it passed, else Disputed. Errors: OnlyValidationModule, NotSubmitted.
    function onValidationResult(uint256 jobId, bool success, address[] calldata) external onlyValidationModule {
        _afterValidation(jobId, success);
    }

    /// @notice The same; users call finalize(uint256). Errors: OnlyValidationModule, NotSubmitted.
    function finalizeAfterValidation(uint256 jobId, bool success) external onlyValidationModule {
        _afterValidation(jobId, success);
    }

    /// @notice No quorum: Completed without success. The agent keeps his job stake: silence is not his fault.
    /// Errors: OnlyValidationModule, NotSubmitted.
    function forceFinalize(uint256 jobId) external onlyValidationModule {
        if (_state(jobId) != State.Submitted) revert Errors.NotSubmitted();
        stakeManager.unlockStake(jobs[jobId].agent, jobs[jobId].stake);
        jobs[jobId].stake = 0;
        _setState(jobId, State.Completed);
        emit JobCompleted(jobId, false);
    }

    /// @notice The decided dispute: Completed, success unless the employer wins. Errors: OnlyDisputeModule, InvalidJobState.
    function resolveDispute(uint256 jobId, bool employerWins) external {
        if (_msgSender() != address(disputeModule)) revert Errors.OnlyDisputeModule();
        if (_state(jobId) != State.Disputed) revert Errors.InvalidJobState();
        _setField(jobId, SUCCESS, 1, employerWins ? 0 : 1);
        _setState(jobId, State.Completed);
        emit DisputeResolved(jobId, employerWins);
    }

    function _checkTerms(uint256 reward, uint64 deadline, bytes32 specHash) private view {
        if (address(stakeManager) == address(0)) revert Errors.JobParametersUnset();
        if (reward == 0) revert Errors.InvalidAmount();
        if (reward > type(uint128).max) revert Errors.RewardOverflow();
        if (maxJobReward != 0 && reward > maxJobReward) revert Errors.RewardTooHigh();
        if (deadline <= block.timestamp) revert Errors.InvalidDeadline();
        if (maxJobDuration != 0 && deadline - block.timestamp > maxJobDuration) revert Errors.DurationTooLong();
        if (specHash == bytes32(0)) revert Errors.InvalidSpecHash();
    }

    function _checkIdentity(string calldata subdomain, bytes32[] calldata proof) private view {
        if (bytes(subdomain).length == 0) revert Errors.EmptySubdomain();
        if (address(identityRegistry) == address(0)) revert Errors.IdentityRegistryNotSet();
        (bool ok,,,) = identityRegistry.verifyAgent(_msgSender(), subdomain, proof);
        if (!ok) revert Errors.NotAuthorizedAgent();
    }

    function _assign(uint256 jobId, address agent) private {
        uint256 limit = maxActiveJobsPerAgent;
        if (limit != 0 && activeJobs[agent] >= limit) revert Errors.MaxActiveJobsReached(limit);
        uint256 staked = stakeManager.stakeOf(agent, 0);
        if (staked < minAgentStake) revert Errors.InsufficientAgentStake(staked, minAgentStake);
        activeJobs[agent]++;
        jobs[jobId].agent = agent;
        _setState(jobId, State.Applied);
        _setField(jobId, AGENT_PCT, 32, 100);
        _setField(jobId, ASSIGNED_AT, 64, block.timestamp);
        stakeManager.lockStake(agent, jobs[jobId].stake, uint64(_deadline(jobId)));
    }

    function _dispute(uint256 jobId, bytes32 evidenceHash, string memory reason)
        private
        whenNotPaused
        nonReentrant
        taxed
    {
        if (_msgSender() != jobs[jobId].employer && _msgSender() != jobs[jobId].agent) revert Errors.OnlyParticipant();
        State state = _state(jobId);
        bool failed = state == State.Disputed && _field(jobId, SUCCESS, 1) == 0;
        if (state != State.Completed && !failed) revert Errors.CannotDispute();
        _setState(jobId, State.Disputed);
        disputeModule.raiseDispute(jobId, _msgSender(), evidenceHash, reason);
        emit JobDisputed(jobId, _msgSender());
    }

    function _afterValidation(uint256 jobId, bool success) private {
        if (_state(jobId) != State.Submitted) revert Errors.NotSubmitted();
        _setField(jobId, SUCCESS, 1, success ? 1 : 0);
        _setState(jobId, success ? State.Completed : State.Disputed);
        emit JobCompleted(jobId, success);
    }
}
