// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

/// @title Every custom error of the v2 protocol, also those only a mainnet deployment can raise
/// @notice One list, so that a caller can decode whatever a v2 contract answers.
interface Errors {
    // Deadline
    error InvalidDeadline();
    error DurationTooLong();
    error DeadlinePassed();
    error DeadlineNotReached();
    error CannotExpire();
    // Reward, specification, percentages
    error RewardTooHigh();
    error RewardOverflow();
    error JobParametersUnset();
    error InvalidSpecHash();
    error InvalidPercentages();
    // Identity
    error NotAuthorizedAgent();
    error EmptySubdomain();
    error IdentityRegistryNotSet();
    error UnauthorizedValidator();
    error AgentTypeNotAllowed();
    // Stake
    error InsufficientAgentStake(uint256 provided, uint256 required);
    error InsufficientStake();
    error InsufficientLocked();
    error BelowMinimumStake();
    error MaxStakeExceeded();
    error InvalidAmount();
    error InvalidRole();
    error NoStake();
    // Job state
    error NotOpen();
    error InvalidJobState();
    error NotSubmitted();
    error NotReady();
    error CannotCancel();
    error CannotDispute();
    error JobNotSubmitted();
    // Caller
    error OnlyEmployer();
    error OnlyAgent();
    error OnlyParticipant();
    error OnlyValidationModule();
    error OnlyDisputeModule();
    error OnlyJobRegistry();
    error OnlyStakeManager();
    error NotGovernance();
    error NotValidator();
    error BlacklistedAgent();
    error BlacklistedEmployer();
    error MaxActiveJobsReached(uint256 limit);
    error EvidenceMissing();
    // Voting
    error CommitPhaseActive();
    error CommitPhaseClosed();
    error RevealPhaseClosed();
    error CommitMissing();
    error AlreadyCommitted();
    error AlreadyRevealed();
    error InvalidReveal();
    error RevealPending();
    error AlreadyTallied();
    error ValidatorPoolTooSmall();
    error ValidatorsAlreadySelected();
    error InsufficientValidators();
    error ValidatorBanned();
    // Burn, escrow, tax
    error BurnEvidenceIncomplete();
    error InvalidBurnReceipt();
    error TokenNotBurnable();
    error InsufficientEscrow();
    error InsufficientRewardPool();
    error InvalidTreasury();
    error TaxPolicyNotAcknowledged(address user);
}
